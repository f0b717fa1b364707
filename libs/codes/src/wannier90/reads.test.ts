import { readFileSync } from 'node:fs'
import { ANGSTROM_PER_BOHR } from '@crystalmath/contract'
import { describe, expect, it } from 'vitest'
import { prefixesAgree, readFiles, sameHoweverCut, survivesAnything } from '../reading/testing.ts'
import { wannier90Reads } from './reads.ts'

const fixture = (name: string): string => readFileSync(new URL(`__fixtures__/${name}`, import.meta.url), 'latin1')
const read = (name: string) => readFiles(wannier90Reads, { [name]: fixture(name) }, { full: true })

describe('a Wannier90 output', () => {
  it('gives spreads, centres, cell and method', () => {
    const result = read('normal.wout')
    expect(result).toMatchObject({
      code: 'wannier90',
      codeVersion: '3.1.0',
      termination: 'normal',
      formula: 'As Ga',
      volumeAngstrom3: 45.81261,
      mpiRankCount: 4,
      wallSeconds: 0.141,
      method: { kMesh: [2, 2, 2], kPointCount: 8, bandCount: 12 },
      diagnoses: [],
    })
    expect(result.properties).toMatchObject({
      spreadTotalAngstrom2: 4.466880976,
      spreadInvariantAngstrom2: 3.956862958,
      spreadDiagonalAngstrom2: 0.008030049,
      spreadOffDiagonalAngstrom2: 0.501987969,
      disentanglementConverged: true,
    })
    expect(result.properties.wannierCentres?.[0]).toEqual({
      centreAngstrom: [-0.866253, -11.973841, 1.973841],
      spreadAngstrom2: 1.11672024,
    })
  })

  it('is that of the last of two runs, with its release and its end', () => {
    const first = fixture('bvectors.wout').replace('Release: 3.1.0', 'Release: 2.1.0')
    const result = readFiles(wannier90Reads, { 'two.wout': first + fixture('normal.wout') }, { full: true })
    const { warnings: _, ...alone } = read('normal.wout')
    expect(result).toMatchObject({ ...alone, codeVersion: '3.1.0', termination: 'normal', diagnoses: [] })
  })

  it('in bohr is converted, spreads by the square', () => {
    const { properties, structure, volumeAngstrom3 } = read('bohr.wout')
    expect(properties.spreadTotalAngstrom2).toBeCloseTo(4.466880976 * ANGSTROM_PER_BOHR ** 2, 9)
    expect(structure?.latticeAngstrom?.[0][1]).toBeCloseTo(2.84 * ANGSTROM_PER_BOHR, 9)
    expect(volumeAngstrom3).toBeCloseTo(45.81261 * ANGSTROM_PER_BOHR ** 3, 8)
  })

  it('that ends early has no spreads', () => {
    const { termination, properties, diagnoses } = read('truncated.wout')
    expect(termination).toBe('truncated')
    expect(properties.spreadTotalAngstrom2).toBeNull()
    expect(diagnoses.map(({ kind }) => kind)).toEqual(['OUTPUT_INCOMPLETE'])
  })

  it('names an error of its own', () => {
    const { termination, diagnoses } = read('bvectors.wout')
    expect(termination).toBe('error')
    expect(diagnoses).toMatchObject([{ kind: 'BVECTORS', evidence: { text: 'kmesh_get_bvector: Not enough bvectors found' } }])
  })

  it('takes the reason from the error file of another rank', () => {
    const result = readFiles(wannier90Reads, {
      'x.wout': fixture('truncated.wout'),
      'x.node_00001.werr':
        ' Wannier90: Execution started on  1Feb2026 at 10:00:00\n Exiting.......\n received unlucky_rank\n (rank: 1)\n',
    })
    expect(result.termination).toBe('error')
    expect(result.diagnoses).toMatchObject([{ kind: 'WERR_FILE_PRESENT', evidence: { text: 'received unlucky_rank', line: 3 } }])
  })

  it('makes diagnoses of stars, not numbers', () => {
    const { properties, diagnoses } = read('stars.wout')
    expect(properties).toMatchObject({ spreadInvariantAngstrom2: null, spreadTotalAngstrom2: 4.466880976 })
    expect(properties.wannierCentres).toBeUndefined()
    expect(new Set(diagnoses.map(({ kind }) => kind))).toEqual(new Set(['OUTPUT_UNREADABLE']))
  })

  it('whose disentanglement did not converge says so without an alarm', () => {
    const { properties, diagnoses, warnings } = read('not-disentangled.wout')
    expect(properties.disentanglementConverged).toBe(false)
    expect(diagnoses).toEqual([])
    expect(warnings).toHaveLength(1)
  })

  it('takes bands only with the k points of their path', () => {
    const bands = '  0.0 -1.0\n  0.1 -0.5\n\n  0.0 1.0\n  0.1 1.5\n\n'
    const path = '2\n  0.0 0.0 0.0 1.0\n  0.5 0.0 0.0 1.0\n'
    const full = { full: true }
    expect(readFiles(wannier90Reads, { 'x_band.dat': bands, 'x_band.kpt': path }, full).properties.bands).toEqual({
      kPoints: [
        [0, 0, 0],
        [0.5, 0, 0],
      ],
      eigenvaluesEv: [
        [
          [-1, 1],
          [-0.5, 1.5],
        ],
      ],
    })
    expect(readFiles(wannier90Reads, { 'x_band.dat': bands }, full).properties.bands).toBeUndefined()
  })

  it('does not depend on how blocks are cut, nor take anything back, nor break', () => {
    sameHoweverCut(wannier90Reads, 'normal.wout', fixture('normal.wout'))
    prefixesAgree(wannier90Reads, 'normal.wout', fixture('normal.wout'), [
      'formula',
      'volumeAngstrom3',
      'wallSeconds',
      'structure',
    ])
    survivesAnything(wannier90Reads, 'normal.wout', fixture('normal.wout'))
  })
})
