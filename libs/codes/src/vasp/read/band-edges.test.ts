import { describe, expect, it } from 'vitest'
import { type BandEdges, collectBandEdges } from './band-edges.ts'

type Band = readonly [energy: number, occupation: number]

/** One list of bands per k point, one list of k points per spin. */
function edgesOf(spins: readonly (readonly (readonly Band[])[])[]): BandEdges | null {
  const edges = collectBandEdges()
  spins.forEach((kPoints, spin) => {
    for (const bands of kPoints) {
      edges.startKPoint(spin)
      for (const [energy, occupation] of bands) edges.add(energy, occupation)
    }
  })
  return edges.result()
}

describe('band edges', () => {
  it('tell an indirect gap', () => {
    const edges = edgesOf([
      [
        [
          [1, 1],
          [4, 0],
        ],
        [
          [0.5, 1],
          [3, 0],
        ],
      ],
    ])
    expect(edges).toEqual({ gapEv: 2, vbmEv: 1, cbmEv: 3, direct: false, kPointCount: 2, bandCount: 2 })
  })

  it('tell a direct gap, also where another k point has the same edge', () => {
    expect(
      edgesOf([
        [
          [
            [1, 1],
            [3, 0],
          ],
          [
            [1, 1],
            [4, 0],
          ],
        ],
      ])?.direct,
    ).toBe(true)
    expect(
      edgesOf([
        [
          [
            [1, 1],
            [4, 0],
          ],
          [
            [1, 1],
            [3, 0],
          ],
        ],
      ])?.direct,
    ).toBe(true)
  })

  it('look at both spins', () => {
    expect(
      edgesOf([
        [
          [
            [1, 1],
            [5, 0],
          ],
        ],
        [
          [
            [0, 1],
            [2, 0],
          ],
        ],
      ]),
    ).toMatchObject({ gapEv: 1, vbmEv: 1, cbmEv: 2 })
  })

  it('tell 0 and no edges where a band crosses the Fermi level', () => {
    expect(
      edgesOf([
        [
          [
            [1, 1],
            [3, 0],
          ],
          [
            [1, 1],
            [1.5, 0.97],
          ],
        ],
      ]),
    ).toMatchObject({ gapEv: 0, vbmEv: null, cbmEv: null })
  })

  it('tell nothing for fractional occupations without a band that crosses', () => {
    expect(
      edgesOf([
        [
          [
            [1, 0.9],
            [3, 0.1],
          ],
        ],
      ]),
    ).toMatchObject({ gapEv: null })
  })

  it('tell nothing where the number of occupied bands changes though none is fractional', () => {
    expect(
      edgesOf([
        [
          [
            [1, 1],
            [3, 0],
          ],
          [
            [1, 1],
            [1.5, 1],
          ],
        ],
      ]),
    ).toMatchObject({ gapEv: null })
  })

  it('tell nothing where a number is unreadable or all bands are full', () => {
    expect(
      edgesOf([
        [
          [
            [Number.NaN, 1],
            [3, 0],
          ],
        ],
      ]),
    ).toBeNull()
    expect(
      edgesOf([
        [
          [
            [1, 1],
            [3, 1],
          ],
        ],
      ]),
    ).toMatchObject({ gapEv: null })
    expect(edgesOf([])).toBeNull()
  })
})
