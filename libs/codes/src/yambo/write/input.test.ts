import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { writesOf } from '../../writes.ts'
import { pseudopotential, sampleTask } from '../../writing/sample-task.ts'
import { renderYambo } from './input.ts'
import { settingsOf } from './settings.ts'

const rendered = (parameters: Readonly<Record<string, unknown>>): string => {
  const { settings, problems } = settingsOf(parameters)
  if (settings === null) throw new Error(JSON.stringify(problems))
  return renderYambo(settings)
}

describe('a job for YAMBO', () => {
  it('makes its states, the databases, their setup and the run, one after the other', () => {
    const task = sampleTask({
      code: 'yambo',
      parameters: {
        ...{ bandCount: 20, exchangeCutoffRydberg: 30, screeningCutoffRydberg: 4, pw: { cutoffRydberg: 40, kMesh: [4, 4, 4] } },
        quasiparticles: [{ kPoints: [1, 8], bands: [4, 5] }],
      },
      files: [pseudopotential({ fileName: 'Si.UPF', element: 'Si' })],
    })
    const prepared = writesOf('yambo')?.prepare(task)
    if (prepared?.ok !== true) throw new Error(JSON.stringify(prepared?.problems))
    const { steps, files } = prepared.preparation
    expect(steps.map(({ program, args }) => [program, ...args].join(' '))).toEqual([
      'pw.x -in scf.in',
      'pw.x -in nscf.in',
      'p2y -I out/crystalmath.save',
      'yambo -F setup.in -J setup',
      'yambo -F yambo.in -J yambo',
    ])
    const texts = new Map(files.map(({ path, text }) => [path, text]))
    for (const name of ['scf.in', 'nscf.in']) expect(texts.get(name)).toContain('force_symmorphic = .true.')
    expect(texts.get('nscf.in')).toMatch(/nbnd = 20\n/)
    expect(texts.get('scf.in')).not.toContain('nbnd')
    expect(texts.get('setup.in')).toBe('setup\n')
    expect(texts.get('yambo.in')).toContain('%QPkrange\n1|8|4|5|\n%')
  })
})

it('makes quasiparticles with static screening, and spectra of independent particles', () => {
  const cohsex = rendered({
    ...{ calculation: 'cohsex', bandCount: 20, exchangeCutoffRydberg: 7, screeningCutoffRydberg: 1, release: 4 },
    quasiparticles: [{ kPoints: [1, 8], bands: [1, 10] }],
  })
  expect(cohsex).toMatch(/^em1s\nHF_and_locXC\ngw0\ncohsex\nEXXRLvcs= 7 Ry\n/)
  expect(cohsex).toContain('% BndsRnXs\n 1 | 20 |\n%\nNGsBlkXs= 1 Ry\n')
  const spectrum = rendered({ calculation: 'ip', bandCount: 30, energyRangeEv: [0, 8], energySteps: 400 })
  expect(spectrum).toMatch(
    /^optics\nchi\nChimod= "IP"\n% QpntsRXd\n 1 \| 1 \|\n%\n% BndsRnXd\n 1 \| 30 \|\n%\n% EnRngeXd\n 0 \| 8 \| eV\n/,
  )
})

/** Words and variables of an input, without comments; numbers as numbers. */
function entriesOf(text: string): ReadonlyMap<string, readonly (string | number)[]> {
  const entries = new Map<string, readonly (string | number)[]>()
  const values = (words: string) =>
    words
      .split(/[|\s,]+/)
      .filter((word) => word !== '')
      .map((word) => (Number.isFinite(Number(word)) ? Number(word) : word))
  let block: string | null = null
  for (const line of text
    .split('\n')
    .map((one) => one.replace(/#.*/, '').trim())
    .filter((one) => one !== '')) {
    const [, name, value] = /^(\w+)\s*=\s*(.*)$/.exec(line) ?? []
    if (line === '%') block = null
    else if (line.startsWith('%')) block = line.slice(1).trim()
    else if (block !== null) entries.set(block, values(line))
    else if (name !== undefined) entries.set(name, values(value ?? ''))
    else entries.set(line, [])
  }
  return entries
}

const CORPUS = '../shared/corpus/yambo'
const states = [{ kPoints: [7, 7], bands: [8, 9] }]

/** Recorded input, its parameters in our words, and what it says that we leave to YAMBO. */
const RECORDED: readonly (readonly [string, Readonly<Record<string, unknown>>, readonly string[]])[] = [
  [
    'hbn-gw-10b-3ry/gw_ppa_10b_3Ry.in_10b_3Ry.in',
    {
      ...{ calculation: 'gw', release: 4, bandCount: 40, exchangeCutoffRydberg: 40, screeningCutoffRydberg: 3 },
      ...{ screeningBandCount: 10, quasiparticles: states },
    },
    ['X_Threads', 'DIP_Threads', 'SE_Threads', 'VXCRLvcs'],
  ],
  [
    'hbn-bse-diago/03_3D_BSE_diago_solver.in_3D_BSE.in',
    {
      ...{ calculation: 'bse', bandCount: 100, exchangeCutoffRydberg: 30, screeningCutoffRydberg: 4, transitionBands: [6, 10] },
      ...{ scissorEv: 1.44, energyRangeEv: [2, 8], energySteps: 200, fieldDirection: [1, 1, 0] },
    },
    ['X_Threads', 'DIP_Threads', 'NonPDirs', 'Gauge', 'DrudeWBS', 'BSEEhEny'],
  ],
]

describe.skipIf(!existsSync(CORPUS))('recorded inputs (skipped without the corpus)', () => {
  it.each(RECORDED)('%s is written again key by key', (file, parameters, others) => {
    const ours = entriesOf(rendered(parameters))
    const theirs = [...entriesOf(readFileSync(`${CORPUS}/${file}`, 'latin1'))].filter(([name]) => !others.includes(name))
    expect(theirs.length).toBeGreaterThan(10)
    for (const [name, value] of theirs) expect([name, ours.get(name)]).toEqual([name, value])
  })
})
