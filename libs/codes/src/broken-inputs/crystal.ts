import { type Healthy, MG, type Mistake, O } from './case.ts'
import { cubic, LAYER, METHYL, MGO, WATER } from './structures.ts'

// biome-ignore format: a table
export const CRYSTAL_MISTAKES: readonly Mistake[] = [
  ['no basis set', { bare: true, parameters: {}, structure: MGO }, 'parameters.basis', /no default/, /STO-3G/],
  ['a misspelt library set', { basis: 'POB-TVZP' }, 'parameters.basis', /library/, /POB-TZVP/],
  ['a basis set for one of two elements', { basis: { Mg: MG } }, 'parameters.basis.O', /no basis set for O/, /12 3/],
  ['a basis set too many', { basis: { Mg: MG, O, Ni: '28 0' } }, 'parameters.basis.Ni', /no Ni/, /Mg, O/],
  ['the basis set of another element', { basis: { Mg: MG, O: MG } }, 'parameters.basis.O', /12 is Mg, not O/, /correct/],
  ['a shell too few', { basis: { Mg: MG.replace('12 3', '12 4'), O } }, 'parameters.basis.Mg', /shell 4 of 4/, /correct/],
  ['a shell too many', { basis: { Mg: MG.replace('12 3', '12 2'), O } }, 'parameters.basis.Mg', /after 2 shells/, /correct/],
  ['shells that hold too few electrons', { basis: { Mg: MG, O: O.replace('6. 0.', '4. 0.') } }, 'parameters.basis.O', /6 electrons.*charge of 8/, /correct/],
  ['an unknown functional', { functional: 'PBE1PBE' }, 'parameters.functional', /one of/, /PBE0/],
  ['a fifth tolerance below the fourth', { integralTolerances: [7, 7, 7, 14, 7] }, 'parameters.integralTolerances', /not below the fourth/, /five/],
  ['four tolerances', { integralTolerances: [7, 7, 7, 14] }, 'parameters.integralTolerances', /five whole numbers/, /five/],
  ['an energy tolerance as a number', { energyToleranceDigits: 1e-7 }, 'parameters.energyToleranceDigits', /whole number/, /whole number/],
  ['SHRINK among the keywords', { keywords: ['SHRINK', '8 8'] }, 'parameters.keywords[0]', /from kMesh/, /leave it out/],
  ['a misspelt keyword', { keywords: ['SCFDRI'] }, 'parameters.keywords[0]', /no keyword/, /SCFDIR/],
  ['a mixing above one hundred', { mixingPercent: 130 }, 'parameters.mixingPercent', /at most 99/, /at most 99/],
  ['unpaired electrons without spins', { unpairedElectrons: 2 }, 'parameters.unpairedElectrons', /need spins/, /spin to true/],
  ['an odd number of unpaired electrons of an even number', { spin: true, unpairedElectrons: 3 }, 'parameters.unpairedElectrons', /20 electrons/, /even/],
  ['an odd number of electrons, all paired', { parameters: { basis: 'STO-3G' }, structure: cubic(4, [['Na', 0, 0, 0]]) }, 'parameters.spin', /11 electrons cannot all be paired/, /spin to true/],
  ['moments and no spins', { parameters: { spin: false }, structure: { ...MGO, initialMomentsBohr: [1, 0] } }, 'parameters.spin', /contradicts/, /leave spin/],
  ['D3 for a functional without it', { functional: 'HISS', dispersion: 'D3' }, 'parameters.dispersion', /no parameters for HISS/, /PBE/],
  ['a mesh for a molecule', { parameters: { basis: 'STO-3G', kMesh: [2, 2, 2] }, structure: WATER }, 'parameters.kMesh', /no k points/, /leave kMesh/],
  ['a cell to relax of a molecule', { parameters: { basis: 'STO-3G', calculation: 'vc-relax' }, structure: WATER }, 'parameters.calculation', /no cell/, /"relax"/],
  ['a slab in another plane', { parameters: {}, structure: { ...MGO, periodic: [true, false, true] } }, 'structure.periodic', /first lattice vectors/, /last/],
  ['atoms held while the cell changes', { parameters: { calculation: 'vc-relax' }, structure: { ...MGO, fixed: [[true, true, true], [false, false, false]] } }, 'structure.fixed', /while the cell changes/, /"relax"/],
  ['a file in the place of ours', { parameters: {}, extra: [{ path: 'fort.34', text: '' }] }, 'extraFiles[0].path', /uses itself/, /another name/],
]

// biome-ignore format: a table
/** Unusual, and right: none of the rules above may catch these. */
export const CRYSTAL_HEALTHY: readonly Healthy[] = [
  ['nothing more said', {}],
  ['a set of the library', { basis: 'pob-tzvp-rev2' }],
  ['Hartree-Fock', { functional: 'HF' }],
  ['a molecule', { parameters: { basis: 'STO-3G', calculation: 'frequencies' }, structure: WATER }],
  ['a slab', { parameters: { kMesh: [4, 4, 1] }, structure: LAYER }],
  ['a radical', { parameters: { basis: 'STO-3G', spin: true, unpairedElectrons: 1 }, structure: METHYL }],
  ['numbers after a keyword', { keywords: ['EXCHSIZE', '30000000', 'PPAN'] }],
]
