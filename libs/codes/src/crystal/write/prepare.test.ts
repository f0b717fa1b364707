import { existsSync, readFileSync } from 'node:fs'
import type { Structure } from '@crystalmath/contract'
import { describe, expect, it } from 'vitest'
import { sampleTask, type TaskParts } from '../../writing/sample-task.ts'
import { readBasis } from '../pseudopotentials.ts'
import { structureFile } from '../read/structure-file.ts'
import { hamiltonianLines, scfLines } from './input.ts'
import { prepareCrystal } from './prepare.ts'
import { settingsOf } from './settings.ts'

const MGO: Structure = {
  latticeAngstrom: [
    [0, 2.105, 2.105],
    [2.105, 0, 2.105],
    [2.105, 2.105, 0],
  ],
  species: ['Mg', 'O'],
  positionsAngstrom: [
    [0, 0, 0],
    [2.105, 2.105, 2.105],
  ],
}
const BASIS = { Mg: '12 3\n1 0 3 2. 0.\n1 1 3 8. 0.\n1 1 3 2. 0.', O: '8 2\n1 0 3 2. 0.\n1 1 3 6. 0.\n99 0' }
const filesOf = (parameters: TaskParts['parameters'], over: Partial<TaskParts> = {}) => {
  const prepared = prepareCrystal(
    sampleTask({ code: 'crystal', structure: MGO, ...over, parameters: { basis: BASIS, ...parameters } }),
  )
  if (!prepared.ok) throw new Error(JSON.stringify(prepared.problems))
  return { ...prepared.preparation, texts: new Map(prepared.preparation.files.map(({ path, text }) => [path, text])) }
}

describe('a job for CRYSTAL', () => {
  it('is geometry, basis, Hamiltonian and SCF, in this order', () => {
    const { texts } = filesOf(
      { calculation: 'vc-relax', kMesh: [8, 8, 8], functional: 'PBE0', dispersion: 'D3' },
      { request: { name: 'MgO' } },
    )
    expect(texts.get('INPUT')).toBe(`MgO
EXTERNAL
OPTGEOM
FULLOPTG
ENDOPT
END
12 3
1 0 3 2. 0.
1 1 3 8. 0.
1 1 3 2. 0.
8 2
1 0 3 2. 0.
1 1 3 6. 0.
99 0
ENDBS
DFT
PBE0
XLGRID
ENDDFT
DFTD3
END
TOLINTEG
7 7 7 7 14
TOLDEE
7
SHRINK
8 8
MAXCYCLE
200
FMIXING
30
DIIS
ENDSCF
`)
  })

  it('gives its geometry in a file that is read back to the same', () => {
    const { texts } = filesOf({})
    const reader = structureFile()
    reader.feed(texts.get('fort.34') ?? '', 1)
    expect(reader.end().structure).toEqual({ ...MGO, periodic: [true, true, true] })
  })

  it('names a set of the library in the place of the end of the geometry', () => {
    expect(filesOf({ basis: 'POB-TZVP' }).texts.get('INPUT')).toMatch(/EXTERNAL\nBASISSET\nPOB-TZVP\nDFT\n/)
  })

  it('gives an uneven mesh factor by factor, and a metal twice the net for its Fermi energy', () => {
    expect(filesOf({ kMesh: [4, 4, 2], smearingEv: 0.27211386 }).texts.get('INPUT')).toContain(
      'SHRINK\n0 8\n4 4 2\nSMEAR\n0.0100',
    )
  })

  it('tells spins by sign, and moves only atoms that are not held', () => {
    const structure: Structure = {
      ...MGO,
      initialMomentsBohr: [2, -2],
      fixed: [
        [true, true, true],
        [false, false, false],
      ],
    }
    const text = filesOf({ calculation: 'relax', unpairedElectrons: 0 }, { structure }).texts.get('INPUT')
    expect(text).toContain('OPTGEOM\nATOMONLY\nFRAGMENT\n1\n2\nENDOPT')
    expect(text).toContain('SPIN\nXLGRID\nENDDFT')
    expect(text).toContain('ATOMSPIN\n2\n1 1\n2 -1\nSPINLOCK\n0 10\n')
  })

  it('runs serial or parallel builds, with both outputs in one file', () => {
    expect(filesOf({}).steps).toEqual([
      { program: 'crystal', args: [], stdin: 'INPUT', stdout: 'crystal.out', stderr: 'crystal.out', parallel: false },
    ])
    expect(filesOf({}, { request: { resources: { ranks: 8 } } }).steps[0]).toMatchObject({ program: 'Pcrystal', parallel: true })
  })
})

describe('the text of a basis set', () => {
  it('is read with a core potential', () => {
    const text = '228 1\nINPUT\n18. 1 0 0 0 0 0\n1.0 2.0 0\n0 0 1 18. 1.\n0.5 1.0'
    expect(readBasis(text)).toEqual({
      conventional: 228,
      orbitals: 1,
      element: 'Ni',
      shellCount: 1,
      electrons: 18,
      coreCharge: 18,
    })
  })
})

const CORPUS = '../shared/corpus/crystal'

/** The input that a run script echoed before the banner: keyword → the lines below it. */
function recorded(file: string): ReadonlyMap<string, string> {
  const text = readFileSync(`${CORPUS}/${file}`, 'latin1')
  const lines = text
    .slice(0, text.search(/^ \*{20,}/m))
    .split('\n')
    .map((line) => line.replace(/(ENDSCF|END)\S.*$/, '$1').trim())
  const end = lines.findLastIndex((line) => /^(END|ENDSCF)$/.test(line))
  return wordsOf(lines.slice(lines.findIndex((line) => /^99 +0$/.test(line)) + 2, end))
}

function wordsOf(lines: readonly string[]): ReadonlyMap<string, string> {
  const words = new Map<string, string>()
  let word = ''
  for (const line of lines) {
    if (/^[A-Z]/.test(line)) {
      word = line === 'END' ? 'ENDDFT' : line
      words.set(word, words.get(word) ?? '')
    } else words.set(word, `${words.get(word) ?? ''} ${line}`.trim().replace(/\s+/g, ' '))
  }
  return words
}

/** Recorded run, its parameters in our words, and what it says that we have no parameter for. */
const RECORDED: readonly (readonly [string, Readonly<Record<string, unknown>>, readonly string[]])[] = [
  [
    'pytools-mgo-scf-cry17/out_mgoSCF.out',
    {
      functional: 'B3LYP',
      grid: 'XXLGRID',
      integralTolerances: [7, 7, 7, 7, 14],
      kMesh: [12, 12, 12],
      gilatMesh: 24,
      mixingPercent: 70,
    },
    [],
  ],
  [
    'cry14-opt/cry14_scf_and_opt.out',
    {
      ...{
        functional: 'PBE',
        spin: true,
        integralTolerances: [8, 8, 8, 8, 16],
        kMesh: [18, 18, 18],
        gilatMesh: 36,
        keywords: ['NOSHIFT'],
      },
      ...{ smearingEv: 0.002 * 27.211386245981, mixingPercent: 80, accelerator: 'ANDERSON', unpairedElectrons: 4, lockCycles: 5 },
    },
    ['SMEAR', 'ATOMSPIN', 'PPAN', 'MAXCYCLE'],
  ],
  [
    'nomad-nio-pbe0-opt/nio_tzvp_pbe0_opt.o',
    {
      ...{
        functional: 'PBE0',
        spin: true,
        kMesh: [8, 8, 8],
        integralTolerances: [8, 8, 8, 8, 16],
        scfMaxCycles: 60,
        mixingPercent: 80,
      },
      keywords: ['NOSHIFT', 'EXCHSIZE', '30000000', 'BIPOSIZE', '30000000'],
    },
    ['BROYDEN', 'ATOMSPIN'],
  ],
  [
    'pytools-mgo-opt-cry23/out_mgoOpt.out',
    {
      functional: 'B3LYP',
      grid: 'XXLGRID',
      integralTolerances: [7, 7, 7, 7, 14],
      kMesh: [12, 12, 12],
      gilatMesh: 24,
      mixingPercent: 70,
    },
    [],
  ],
  [
    'nomad-hfs2-forces/HfS2_PBE0D3_ZD_fc3_supercell-00001.o',
    {
      ...{ functional: 'PBE0', kMesh: [4, 4, 4], integralTolerances: [9, 9, 9, 9, 18], mixingPercent: 80, scfMaxCycles: 80 },
      ...{ energyToleranceDigits: 10, keywords: ['NOSHIFT', 'EXCHSIZE', '30000000', 'BIPOSIZE', '30000000'] },
    },
    ['BROYDEN', 'DFTD3', 'VERSION 3'],
  ],
]

describe.skipIf(!existsSync(CORPUS))('recorded inputs (skipped without the corpus)', () => {
  it.each(RECORDED)('%s is written again key by key', (file, parameters, others) => {
    const { settings, problems } = settingsOf({ basis: 'STO-3G', ...parameters })
    if (settings === null) throw new Error(JSON.stringify(problems))
    const isSpinPolarised = settings.spin === true
    const lines = [
      ...hamiltonianLines({ settings, isSpinPolarised }),
      ...scfLines({ settings, structure: MGO, isSpinPolarised, readsWaveFunction: false }),
    ]
    const ours = wordsOf(lines)
    const theirs = [...recorded(file)].filter(([word]) => !others.includes(word))
    expect(theirs.length).toBeGreaterThan(6)
    for (const [word, value] of theirs) expect([word, ours.get(word)]).toEqual([word, value])
  })
})
