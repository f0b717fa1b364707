import { expect, it } from 'vitest'
import { energyMethodOf, functionalOf } from './functional.ts'

it.each(['revDSD-PBEP86-D4/2021', 'DSD-BLYP/2013', 'DSD-PBEP86-D3BJ/2013', 'wB97M(2)', 'PR2SCAN69', 'REVPBE0-D4'])(
  'knows %s, wherever its dispersion and its year stand',
  (keyword) => {
    expect(functionalOf([keyword, 'def2-SVP'])).toBe(keyword.toUpperCase())
    expect(energyMethodOf([keyword, 'def2-SVP'], { dft: true, casscf: false, perturbation: null })).toBe(keyword.toUpperCase())
  },
)

it('takes no year for a functional', () => expect(functionalOf(['D4/2021', 'HF'])).toBeNull())
