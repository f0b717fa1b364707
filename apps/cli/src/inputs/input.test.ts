import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const BIN = resolve(import.meta.dirname, '../../bin/crystalmath')
const POSCAR = `silicon
1.0
0 2.715 2.715
2.715 0 2.715
2.715 2.715 0
Si
2
Direct
0 0 0
0.25 0.25 0.25
`
const UPF = `<UPF version="2.0.1">
<PP_HEADER element="Si" pseudo_type="NC" relativistic="scalar" functional="PBE" z_valence="4.0" wfc_cutoff="30" rho_cutoff="120"/>
</UPF>
`
const POTCAR = `  PAW_PBE Si 05Jan2001
   VRHFIN =Si: s2p2
   LEXCH  = PE
   TITEL  = PAW_PBE Si 05Jan2001
   POMASS =   28.085; ZVAL   =    4.000    mass and valenz
   ENMAX  =  245.345; ENMIN  =  184.009 eV
`
const WATER = '3\nwater\nO 0 0 0.1173\nH 0 0.7572 -0.4692\nH 0 -0.7572 -0.4692\n'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'crystalmath-input-'))
  mkdirSync(join(folder, 'pseudo'))
  mkdirSync(join(folder, 'potpaw_PBE.54/Si'), { recursive: true })
  for (const [name, text] of Object.entries({
    POSCAR,
    'pseudo/Si.upf': UPF,
    'potpaw_PBE.54/Si/POTCAR': POTCAR,
    'water.xyz': WATER,
    'jobs.json': '[{}, {}]',
    'job.json': JSON.stringify({ structure: { format: 'xyz', text: WATER }, parameters: { method: 'B3LYP' }, extraFile: [] }),
  }))
    writeFileSync(join(folder, name), text)
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Without any platform to ask. */
const input = (...words: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(BIN, ['input', ...words], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: folder },
  })
  return { status, stdout, stderr }
}

describe('crystalmath input', () => {
  it('shows every file, what is copied, what is run and on what', () => {
    const { status, stdout } = input(
      'quantum-espresso',
      'POSCAR',
      '--pseudopotentials',
      'pseudo',
      '--preset',
      'fast',
      '--ranks',
      '4',
    )
    expect(status).toBe(0)
    expect(stdout).toMatch(/^==> pw.in <==\n&control/i)
    expect(stdout).toMatch(/ecutwfc\s*=\s*30/)
    expect(stdout).toContain(`copied there: ${join(folder, 'pseudo/Si.upf')} to pseudo/Si.upf (MD5 `)
    expect(stdout).toContain('step 1: mpirun -np 4 pw.x')
    expect(stdout).toMatch(/resources +1 node, 4 ranks/)
  })

  it('reads heads of POTCARs and shows nothing of their text', () => {
    const { status, stdout } = input('vasp', 'POSCAR', '--pseudopotentials', '.', '--json')
    expect(status).toBe(0)
    const { files, clusterFiles, code } = JSON.parse(stdout)
    expect(code).toBe('vasp')
    expect(files.map(({ path }: { path: string }) => path)).toEqual(['INCAR', 'KPOINTS', 'POSCAR'])
    expect(clusterFiles[0].from).toBe(join(folder, 'potpaw_PBE.54/Si/POTCAR'))
    expect(stdout).not.toContain('VRHFIN')
  })

  it('writes the files into a folder, and overwrites none', () => {
    expect(input('orca', 'water.xyz', '--set', 'method=B3LYP', '--out', 'run')).toMatchObject({
      status: 0,
      stdout: 'run/orca.inp\n',
    })
    expect(readFileSync(join(folder, 'run/orca.inp'), 'utf8')).toContain('B3LYP')
    const again = input('orca', 'water.xyz', '--out', 'run')
    expect(again.status).toBe(2)
    expect(again.stderr).toContain('EEXIST')
  })

  it('refuses with place, value and mend, exit status 5', () => {
    const { status, stdout, stderr } = input(
      'quantum-espresso',
      'POSCAR',
      '--pseudopotentials',
      'pseudo',
      '--set',
      'system.ecutwf=40',
    )
    expect([status, stdout]).toEqual([5, ''])
    expect(stderr).toMatch(/parameters\.system\.ecutwf = 40: .*; did you mean system.ecutwfc\?/)
    const json = input('orca', 'job.json', '--json')
    expect(json.status).toBe(5)
    expect(JSON.parse(json.stdout)).toEqual({
      problems: [{ path: 'extraFile', value: '[]', message: 'no such field', mend: 'did you mean extraFiles?' }],
    })
  })

  it('says where pseudopotentials may come from when it was told of none', () => {
    const { status, stderr } = input('quantum-espresso', 'POSCAR')
    expect(status).toBe(5)
    expect(stderr).toContain('--pseudopotentials, or a registered cluster with --cluster')
  })

  it.each([
    [['orca', 'jobs.json'], /holds 2 jobs; show one at a time/],
    [['orca', 'nowhere.xyz'], /nowhere\.xyz: there is no such file/],
    [['orca', 'water.xyz', '--pseudopotentials', 'pseudo'], /orca takes no pseudopotentials from a folder/],
    [['cp2k', 'water.xyz'], /inputs of cp2k cannot be written; there are /],
  ])('takes %j for wrong usage', (words, said) => {
    const { status, stderr } = input(...words)
    expect(status).toBe(2)
    expect(stderr).toMatch(said)
  })
})
