import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { formatOf, requestsOf } from './requests.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crystalmath-submit-'))
})
afterEach(() => rm(folder, { recursive: true }))

const file = async (name: string, text: string): Promise<string> => {
  await writeFile(join(folder, name), text)
  return join(folder, name)
}

describe('what is submitted', () => {
  it('is one job per structure, with the flags', async () => {
    const files = [await file('si.cif', 'data_si'), await file('POSCAR.ge', 'Ge')]
    const flags = {
      project: 'p',
      cluster: 'alps',
      code: 'vasp',
      calculation: 'relax',
      set: { ENCUT: 400 },
      ranks: 8,
      walltime: 60,
      label: { a: 'b' },
    }
    expect(await requestsOf(files, flags)).toEqual([
      {
        project: 'p',
        cluster: 'alps',
        code: 'vasp',
        name: 'si',
        structure: { format: 'cif', text: 'data_si' },
        parameters: { calculation: 'relax', ENCUT: 400 },
        resources: { ranks: 8, walltimeSeconds: 60 },
        labels: { a: 'b' },
      },
      expect.objectContaining({ name: 'POSCAR.ge', structure: { format: 'poscar', text: 'Ge' } }),
    ])
  })

  it('is what a JSON file says, with flags before it and settings merged', async () => {
    const rows = {
      jobs: [{ project: 'a', code: 'script', parameters: { system: { x: 1, y: 2 } }, resources: { nodes: 2 } }, { project: 'b' }],
    }
    const [first, second] = await requestsOf([await file('jobs.json', JSON.stringify(rows))], {
      set: { system: { x: 3 } },
      ranks: 4,
    })
    expect(first).toEqual({
      project: 'a',
      code: 'script',
      parameters: { system: { x: 3, y: 2 } },
      resources: { nodes: 2, ranks: 4 },
    })
    expect(second).toEqual({ project: 'b', parameters: { system: { x: 3 } }, resources: { ranks: 4 } })
  })

  it('is left as it is where there are no flags', async () => {
    const row = { project: 'a', parameters: 'wrong', resources: null }
    expect(await requestsOf([await file('job.json', JSON.stringify(row))], {})).toEqual([row])
  })

  it.each([
    ['broken.json', '{"a": ', /broken.json, line 1, column \d+: it ends in the middle of JSON/],
    ['row.json', '[1]', /row.json: row 0 is not a job but 1/],
    ['none.json', '{"jobs": []}', /none.json: holds no jobs/],
    ['structure.dat', 'x', /structure.dat: neither JSON nor a structure/],
  ])('is refused in one line for %s', async (name, text, message) => {
    await expect(requestsOf([await file(name, text)], {})).rejects.toThrow(message)
  })

  it.each([
    ['a.xyz', '1\nLattice="1 0 0 0 1 0 0 0 1"\nH 0 0 0', 'extxyz'],
    ['a.xyz', '1\nwater\nH 0 0 0', 'xyz'],
    ['CONTCAR', '', 'poscar'],
    ['fe.vasp', '', 'poscar'],
  ])('has the format that %s and its text say', (name, text, format) => expect(formatOf(name, text)).toBe(format))
})
