import { SILICON } from '../writing/sample-task.ts'
import { type Healthy, type Mistake, UPF } from './case.ts'
import { IRON } from './structures.ts'

// biome-ignore format: a table
export const YAMBO_MISTAKES: readonly Mistake[] = [
  ['no number of bands', { bare: true, parameters: { calculation: 'setup' }, structure: SILICON, files: UPF }, 'parameters.bandCount', /missing/, /bandCount/],
  ['no states to correct', { quasiparticles: undefined }, 'parameters.quasiparticles', /missing/, /quasiparticles/],
  ['an ultrasoft pseudopotential', { parameters: { pw: { cutoffRydberg: 50, kMesh: [2, 2, 2] }, bandCount: 40 }, structure: IRON }, 'parameters.pw.pseudopotentials.Fe', /norm-conserving/, /PseudoDojo/],
  ['states above the bands', { quasiparticles: [{ kPoints: [1, 1], bands: [4, 50] }] }, 'parameters.quasiparticles[0].bands', /above the 20/, /bandCount/],
  ['screening over more bands than there are', { screeningBandCount: 100 }, 'parameters.screeningBandCount', /above the 20/, /bandCount/],
  ['bands upside down', { quasiparticles: [{ kPoints: [1, 1], bands: [5, 4] }] }, 'parameters.quasiparticles', /list of/, /kPoints/],
  ['an excitonic problem without transitions', { calculation: 'bse' }, 'parameters.transitionBands', /missing/, /transitionBands/],
  ['an empty range of energies', { calculation: 'bse', transitionBands: [3, 6], energyRangeEv: [5, 5] }, 'parameters.energyRangeEv', /empty/, /\[0, 10\]/],
  ['fewer bands than electrons need', { bandCount: 3, quasiparticles: [{ kPoints: [1, 1], bands: [1, 2] }] }, 'parameters.bandCount', /cannot hold 8 electrons/, /at least 4/],
  ['steps of pw.x of one’s own', { pw: { cutoffRydberg: 40, steps: [] } }, 'parameters.pw.steps', /not free/, /leave it out/],
  ['a misspelt keyword of pw.x', { pw: { cutoffRydberg: 40, sytem: {} } }, 'parameters.pw.sytem', /no parameter/, /system/],
  ['a file in the place of ours', { parameters: {}, extra: [{ path: 'yambo.in', text: '' }] }, 'extraFiles[0].path', /uses itself/, /another name/],
]

// biome-ignore format: a table
/** Unusual, and right: none of the rules above may catch these. */
export const YAMBO_HEALTHY: readonly Healthy[] = [
  ['quasiparticles', {}],
  ['a setup', { calculation: 'setup' }],
  ['exact exchange', { calculation: 'hf' }],
  ['excitons', { calculation: 'bse', transitionBands: [3, 6], scissorEv: 1.44 }],
]
