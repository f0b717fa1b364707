import { describe, expect, it } from 'vitest'
import { fed } from './__fixtures__/fed.ts'
import { doscar } from './doscar.ts'
import { eigenval } from './eigenval.ts'
import { procar } from './procar.ts'

const HEAD = (spins: number) =>
  `    2    2    1    ${spins}\n  0.2E+02  0.3E-09  0.3E-09  0.3E-09  0.5E-15\n  1.000000000000000E-004\n  CAR \n unknown system\n`
const EIGENVAL = `${HEAD(1)}      8      2      3\n\n  0.0000000E+00  0.0000000E+00  0.0000000E+00  0.2500000E+00\n    1       -6.200000   1.000000\n    2        5.600000   1.000000\n    3        8.100000   0.000000\n\n  0.5000000E+00  0.0000000E+00  0.0000000E+00  0.7500000E+00\n    1       -4.000000   1.000000\n    2        3.000000   1.000000\n    3        6.200000   0.000000\n`
const POLARISED = `${HEAD(2)}      3      1      2\n\n  0.0000000E+00  0.0000000E+00  0.0000000E+00  0.1000000E+01\n    1       -6.200000   -6.000000   1.000000   1.000000\n    2        5.600000    7.000000   1.000000   0.000000\n`

describe('EIGENVAL', () => {
  it('tells band edges, electrons and atoms; bands only in full', () => {
    const said = fed(eigenval('EIGENVAL', { full: false }), EIGENVAL, [200])
    expect(said).toMatchObject({ atomCount: 2, electronCount: 8, spinPolarized: false, complete: true, bands: null })
    expect(said.bandEdges).toMatchObject({ gapEv: 0.6, vbmEv: 5.6, cbmEv: 6.2, direct: false, kPointCount: 2 })
    const { bands } = fed(eigenval('EIGENVAL', { full: true }), EIGENVAL)
    expect(bands).toMatchObject({
      kWeights: [0.25, 0.75],
      eigenvaluesEv: [
        [
          [-6.2, 5.6, 8.1],
          [-4, 3, 6.2],
        ],
      ],
    })
  })

  it('reads both spins', () => {
    const { bandEdges, bands, spinPolarized } = fed(eigenval('EIGENVAL', { full: true }), POLARISED)
    expect(spinPolarized).toBe(true)
    expect(bands?.eigenvaluesEv).toEqual([[[-6.2, 5.6]], [[-6, 7]]])
    expect(bandEdges).toMatchObject({ gapEv: 1.4, vbmEv: 5.6, cbmEv: 7 })
  })

  it('tells no edges without occupations or from a torn file', () => {
    const old = EIGENVAL.replaceAll(/ {3}[01]\.000000\n/g, '\n')
    expect(fed(eigenval('EIGENVAL', { full: false }), old)).toMatchObject({ bandEdges: null, complete: true })
    expect(fed(eigenval('EIGENVAL', { full: true }), EIGENVAL.slice(0, -30))).toMatchObject({
      bandEdges: null,
      bands: null,
      complete: false,
    })
  })
})

describe('DOSCAR', () => {
  const DOSCAR = `${HEAD(2)}     7.00000000    -7.00000000    2      5.90000000      1.00000000\n    -7.000  0.1000E+00  0.2000E+00  0.1000E+00  0.2000E+00\n     7.000  0.3000E+00  0.4000E+00  0.1000E+01  0.2000E+01\n     7.00000000    -7.00000000    2      5.90000000      1.00000000\n    -7.000  0.9E+00  0.9E+00\n`

  it('tells the Fermi energy, in full the density of states', () => {
    expect(fed(doscar('DOSCAR', { full: false }), DOSCAR)).toMatchObject({ fermiEnergyEv: 5.9, dos: null })
    expect(fed(doscar('DOSCAR', { full: true }), DOSCAR).dos).toEqual({
      energiesEv: [-7, 7],
      densities: [
        [0.1, 0.3],
        [0.2, 0.4],
      ],
      integrated: [
        [0.1, 1],
        [0.2, 2],
      ],
      fermiEnergyEv: 5.9,
    })
  })
})

describe('PROCAR', () => {
  const PROCAR = `PROCAR lm decomposed\n# of k-points:    2         # of bands:    2         # of ions:    1\n\n k-point     1 :    0.00000000 0.00000000 0.00000000     weight = 0.25000000\n\nband     1 # energy    5.60000000 # occ.  2.00000000\n\nion      s     tot\n    1  0.1  0.1\n\nband     2 # energy    8.10000000 # occ.  0.00000000\n\n k-point     2 :    0.50000000 0.00000000-0.50000000     weight = 0.75000000\n\nband     1 # energy    3.00000000 # occ.  2.00000000\n\nband     2 # energy    6.20000000 # occ.  0.00000000\n`

  it('tells band edges, of whole files only', () => {
    const said = fed(procar('PROCAR'), PROCAR, [150])
    expect(said).toMatchObject({ kPointCount: 2, bandCount: 2, ionCount: 1, bandEdges: { gapEv: 0.6, vbmEv: 5.6, cbmEv: 6.2 } })
    expect(fed(procar('PROCAR'), PROCAR.slice(0, -60)).bandEdges).toBeNull()
  })
})
