import { describe, expect, it } from 'vitest'
import { edgesAtFermi, type Levels } from './edges.ts'

const at = (...lists: readonly (readonly number[])[]): Levels[] => lists.map((energiesEv) => ({ spin: 0, energiesEv }))
const NOTHING = { vbmEv: null, cbmEv: null, bandGapEv: null, bandGapDirect: null }
const METAL = { ...NOTHING, bandGapEv: 0 }
const filling = { fermiEv: 6.9, electronCount: 4, perBand: 2, widthEv: 0.27 } as const

describe('band edges where occupations are smeared', () => {
  it('of an insulator whose Fermi energy lies in its valence band', () => {
    expect(edgesAtFermi(at([-5, 7, 9.6], [-4, 5, 7.8]), filling)).toEqual({
      vbmEv: 7,
      cbmEv: 7.8,
      bandGapEv: expect.closeTo(0.8),
      bandGapDirect: false,
    })
  })

  it.each([
    ['bands overlap', at([-5, 7, 9.6], [-4, 5, 6.5]), {}, METAL],
    ['a band is half full', at([-5, 6, 9.6], [-4, 7.5, 8]), { electronCount: 3 }, METAL],
    ['the gap is within the smearing', at([-5, 7, 9.6], [-4, 5, 7.4]), {}, NOTHING],
    ['the bands above are not there', at([-5, 6], [-4, 5]), {}, { ...NOTHING, vbmEv: 6 }],
  ] as const)('where %s', (_, levels, over, expected) => {
    expect(edgesAtFermi(levels, { ...filling, ...over })).toEqual(expected)
  })

  it('with spin by the bands below the Fermi energy', () => {
    const levels = [...at([-5, 6, 9.6]), { spin: 1, energiesEv: [-5, 8, 9.6] } as const]
    const spins = { ...filling, electronCount: 3, perBand: 1 } as const
    expect(edgesAtFermi(levels, spins)).toMatchObject({ vbmEv: 6, cbmEv: 8, bandGapDirect: true })
    expect(edgesAtFermi(levels, { ...spins, electronCount: 4 })).toEqual(NOTHING)
  })
})
