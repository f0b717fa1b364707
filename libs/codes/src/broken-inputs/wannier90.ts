import { SILICON } from '../writing/sample-task.ts'
import { type Healthy, type Mistake, OVERLAPS } from './case.ts'
import { WATER } from './structures.ts'

// biome-ignore format: a table
export const WANNIER90_MISTAKES: readonly Mistake[] = [
  ['no number of functions', { bare: true, parameters: { kMesh: [2, 2, 2] }, structure: SILICON, extra: OVERLAPS }, 'parameters.wannierFunctionCount', /missing/, /wannierFunctionCount/],
  ['no mesh', { bare: true, parameters: { wannierFunctionCount: 4 }, structure: SILICON, extra: OVERLAPS }, 'parameters.kMesh', /missing/, /kMesh/],
  ['fewer bands than functions', { bandCount: 3 }, 'parameters.bandCount', /cannot make 4/, /at least 4/],
  ['no overlaps', { parameters: {}, extra: [] }, 'parameters.calculation', /mmn/, /pw2wannier90/],
  ['disentanglement without energies', { parameters: { bandCount: 8 }, extra: OVERLAPS.slice(0, 2) }, 'parameters.calculation', /eig is missing/, /extraFiles/],
  ['a frozen window outside the outer one', { bandCount: 8, win: { dis_win_max: 10, dis_froz_max: 12 } }, 'parameters.win.dis_froz_max', /above dis_win_max/, /inside the outer/],
  ['an outer window upside down', { bandCount: 8, win: { dis_win_min: 10, dis_win_max: 5 } }, 'parameters.win.dis_win_min', /above dis_win_max/, /window/],
  ['num_wann in win', { win: { num_wann: 4 } }, 'parameters.win.num_wann', /set by the platform/, /leave it out/],
  ['a keyword outside win', { num_iter: 200 }, 'parameters.num_iter', /no parameter/, /parameters\.win/],
  ['a misspelt keyword', { win: { num_itr: 200 } }, 'parameters.win.num_itr', /no keyword/, /num_iter/],
  ['a number in quotes', { win: { num_iter: '200' } }, 'parameters.win.num_iter', /whole number/, /without quotes/],
  ['projections of an element that is not there', { projections: ['Ge:sp3'] }, 'parameters.projections[0]', /no Ge/, /Si/],
  ['projections that make too many functions', { projections: ['Si:sp3'] }, 'parameters.wannierFunctionCount', /make 8 functions, not 4/, /write 8/],
  ['a projection without an orbital', { projections: ['Si'] }, 'parameters.projections[0]', /no projection/, /Si:sp3/],
  ['a block among the projections', { projections: ['begin projections'] }, 'parameters.projections', /list of lines/, /list of lines/],
  ['a path without labels', { kPath: [[[0, 0, 0], [0.5, 0, 0]]] }, 'parameters.kPath', /"label"/, /"label"/],
  ['a molecule', { parameters: {}, structure: WATER }, 'structure', /with a lattice/, /crystal/],
  ['an unknown calculation', { calculation: 'wannierize' }, 'parameters.calculation', /one of/, /wannierise/],
  ['a file in the place of ours', { parameters: {}, extra: [...OVERLAPS, { path: 'wannier90.win', text: '' }] }, 'extraFiles[3].path', /uses itself/, /another name/],
]

// biome-ignore format: a table
/** Unusual, and right: none of the rules above may catch these. */
export const WANNIER90_HEALTHY: readonly Healthy[] = [
  ['nothing more said', {}],
  ['projections that fill the space', { projections: ['f=0.125,0.125,0.125:sp3'] }],
  ['projections and random ones', { projections: ['f=0,0,0:s', 'random'] }],
  ['entangled bands', { bandCount: 8, win: { dis_win_max: 17, dis_froz_max: 6.4 } }],
  ['eight functions', { wannierFunctionCount: 8, projections: ['Si:sp3'] }],
  ['single orbitals', { projections: ['Si:l=1,mr=1,2'] }],
]
