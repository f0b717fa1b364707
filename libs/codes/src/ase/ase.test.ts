import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lineStarts, readText } from '../reading/read-text.ts'
import { aseReads } from './reads.ts'

const read = (text: string, cuts: readonly number[] = []) => readText(aseReads, text, 'opt.log', cuts)

const BFGS = `      Step     Time          Energy         fmax
BFGS:    0 00:13:04        2.931853        0.4417
BFGS:    1 00:13:05        2.862985        0.0063
`
const LINE_SEARCH = `                Step[ FC]     Time          Energy          fmax
*Force-consistent energies used in optimization.
BFGSLineSearch:    0[  0] 00:13:06        2.931853*       0.4417
BFGSLineSearch:   11[ 15] 00:13:06        2.863005*       0.0073
`
const SELLA = `     Step     Time          Energy         fmax         cmax       rtrust          rho
Sella   0 00:12:58       18.647678       0.2735       0.0000       0.2925       1.0000
Sella   8 00:13:01       18.515114       0.0007       0.0000       0.0117       1.1091
`

describe('the log of an optimiser', () => {
  it('gives the last energy and largest force', () => {
    expect(read(BFGS)).toMatchObject({
      energyEv: 2.862985,
      energyKind: 'total',
      maxForceEvPerAngstrom: 0.0063,
      ionicStepCount: 2,
      termination: 'normal',
      ionicConverged: null,
      properties: { optimizer: 'BFGS' },
    })
  })

  it('calls energies with a star free energies', () => {
    expect(read(LINE_SEARCH)).toMatchObject({
      energyEv: 2.863005,
      energyKind: 'free',
      freeEnergyEv: 2.863005,
      maxForceEvPerAngstrom: 0.0073,
    })
  })

  it('reads the columns of Sella', () => {
    expect(read(SELLA)).toMatchObject({
      energyEv: 18.515114,
      maxForceEvPerAngstrom: 0.0007,
      properties: { sella: { cmax: 0, trustRadius: 0.0117, rho: 1.1091 } },
    })
  })

  it('reads the last of the runs that were appended', () => {
    expect(read(BFGS + BFGS.replace('2.862985', '2.800000'))).toMatchObject({
      energyEv: 2.8,
      ionicStepCount: 2,
      warnings: ['the log holds 2 runs: the last one is read'],
    })
  })

  it('leaves a torn row out', () => {
    expect(read(BFGS.slice(0, -3))).toMatchObject({
      energyEv: 2.931853,
      termination: 'truncated',
      diagnoses: [{ kind: 'OUTPUT_INCOMPLETE' }],
    })
  })

  it('says of a number that is none where it is', () => {
    expect(read(BFGS.replace('2.862985', '     nan'))).toMatchObject({
      energyEv: null,
      diagnoses: [{ kind: 'OUTPUT_UNREADABLE', evidence: { line: 3 } }],
    })
  })

  it('is the same however the blocks are cut', () => {
    fc.assert(
      fc.property(fc.subarray(lineStarts(LINE_SEARCH)), (cuts) => {
        expect(read(LINE_SEARCH, cuts)).toEqual(read(LINE_SEARCH))
      }),
    )
  })
})

describe('the log of molecular dynamics', () => {
  it('gives potential and kinetic energy and temperature of the last row', () => {
    const text =
      'Time[ps]      Etot[eV]     Epot[eV]     Ekin[eV]    T[K]\n0.0000          1.2000       0.7000       0.5000   300.0\n0.0050          1.2000       0.8000       0.4000   240.0\n'
    expect(readText(aseReads, text, 'md.log')).toMatchObject({
      energyEv: 0.8,
      kineticEnergyEv: 0.4,
      temperatureK: 240,
      ionicStepCount: 2,
    })
  })
})
