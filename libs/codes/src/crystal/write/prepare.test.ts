import type { Structure } from '@crystalmath/contract'
import { describe, expect, it } from 'vitest'
import { sampleTask, type TaskParts } from '../../writing/sample-task.ts'
import { readBasis } from '../pseudopotentials.ts'
import { structureFile } from '../read/structure-file.ts'
import { prepareCrystal } from './prepare.ts'

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

describe('the Hamiltonian and the SCF of a job for CRYSTAL', () => {
  const inputOf = (parameters: TaskParts['parameters']) => filesOf(parameters).texts.get('INPUT') ?? ''

  it('may have exchange and correlation apart, Broyden mixing and the first damping of D3', () => {
    const text = inputOf({ functional: 'BECKE/PZ', accelerator: 'BROYDEN', broyden: [0.01, 50, 4], gridToleranceDigits: 16 })
    expect(text).toContain('DFT\nEXCHANGE\nBECKE\nCORRELAT\nPZ\nXLGRID\nTOLLGRID\n16\nENDDFT\n')
    expect(text).toContain('BROYDEN\n0.01 50 4\n')
    expect(inputOf({ functional: 'PBE0', dispersion: 'D3ZERO' })).toContain('ENDDFT\nDFTD3\nVERSION 3\nEND\n')
  })

  it('ends an optimisation where it is told to', () => {
    const text = inputOf({ calculation: 'relax', gradientTolerance: 0.00003, displacementTolerance: 1e-7, finalRun: 4 })
    expect(text).toContain('ATOMONLY\nTOLDEG\n0.00003\nTOLDEX\n0.0000001\nFINALRUN\n4\nENDOPT\n')
  })

  it.each([
    [{ functional: 'BECKE/NOTHING' }, /^functional.*EXCHANGE\/CORRELATION with LDA/],
    [{ functional: 'PBEh-3c', basis: 'POB-DZVP' }, /^basis.*fitted to def2-mSVP/],
    [{ functional: 'PBEh-3c', basis: 'def2-mSVP', dispersion: 'D3' }, /^dispersion.*no parameters for PBEh-3c/],
  ])('refuses %j', (parameters, said) => {
    const prepared = prepareCrystal(sampleTask({ code: 'crystal', structure: MGO, parameters: { basis: BASIS, ...parameters } }))
    const problems = prepared.ok
      ? []
      : prepared.problems.map(({ path, message, mend }) => `${path.replace('parameters.', '')}: ${message}; ${mend}`)
    expect(problems.join('\n')).toMatch(said)
  })
})
