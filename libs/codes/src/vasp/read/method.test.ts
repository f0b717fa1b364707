import { describe, expect, it } from 'vitest'
import { functionalOf, momentsOf } from './method.ts'

const named = (tags: Readonly<Record<string, string>>, title = 'PAW_PBE Fe 06Sep2000'): string | null =>
  functionalOf(new Map(Object.entries(tags)), [{ title, element: 'Fe', hash: null, valence: 8, atomCount: 1 }])

describe('the functional', () => {
  it.each([
    [{}, 'PBE'],
    [{ GGA: '--' }, 'PBE'],
    [{ GGA: 'PS' }, 'PBEsol'],
    [{ GGA: 'Rp' }, 'RPBE'],
    [{ METAGGA: 'R2SCAN' }, 'r2SCAN'],
    [{ METAGGA: '--', GGA: 'PE' }, 'PBE'],
    [{ METAGGA: 'SCAN', LUSE_VDW: 'T' }, 'SCAN+rVV10'],
    [{ GGA: 'BO', LUSE_VDW: '.TRUE.' }, 'optB88-vdW'],
    [{ GGA: 'ML', LUSE_VDW: 'T' }, 'vdW-DF2'],
    [{ LHFCALC: 'T', HFSCREEN: '0.2' }, 'HSE06'],
    [{ LHFCALC: 'T', HFSCREEN: '0.2', AEXX: '0.25' }, 'HSE06'],
    [{ LHFCALC: 'T', AEXX: '0.25' }, 'PBE0'],
    [{ LHFCALC: 'T', AEXX: '1.0', HFSCREEN: '0' }, 'HF'],
    [{ LHFCALC: 'T', HFSCREEN: '0.2', AEXX: '0.345' }, 'hybrid(PBE, AEXX=0.345, HFSCREEN=0.2)'],
  ])('of %j is %s', (tags, name) => expect(named(tags as Record<string, string>)).toBe(name))

  it('goes by the title of the POTCAR where no tag names it', () => {
    expect(named({}, 'PAW Fe 03Mar1998')).toBe('LDA')
    expect(named({}, 'PAW_GGA Fe 03Mar1998')).toBe('PW91')
    expect(functionalOf(new Map(), [])).toBeNull()
  })
})

describe('momentsOf', () => {
  it('unfolds MAGMOM', () => {
    expect(momentsOf('2*0.6 -5 1*2.0')).toEqual([0.6, 0.6, -5, 2])
    expect(momentsOf('2*nan')).toBeNull()
    expect(momentsOf(undefined)).toBeNull()
    expect(momentsOf('9999999*1')).toBeNull()
  })
})
