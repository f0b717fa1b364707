import { ANGSTROM_PER_BOHR } from '@crystalmath/contract'

/** Operations per second that a plane-wave code gets out of one core. Runs of pw.x 6.7 on one core of a server took a third to two thirds of what this says (`resources.int.test.ts`). */
export const OPERATIONS_PER_SECOND = 4e9
/** What every step costs however small it is, for each k point; ten times as much for the density. */
const FIXED_SECONDS = 0.01
/** Times that the Hamiltonian is applied to each band in one electronic step: blocked Davidson and RMM-DIIS alike. */
const APPLICATIONS = 4

/** Plane waves with a kinetic energy below a cut-off (Ry) in a volume (Å³). */
export const planeWavesBelow = (cutoffRydberg: number, volumeAngstrom3: number): number =>
  ((volumeAngstrom3 / ANGSTROM_PER_BOHR ** 3) * cutoffRydberg ** 1.5) / (6 * Math.PI ** 2)

/** Points of the box of transforms that holds the sphere of the densities of those plane waves: radius 2 G, edges 4 G. */
export const boxOf = (planeWaves: number): number => (48 / Math.PI) * planeWaves

export type PlaneWaveWork = {
  readonly planeWaves: number
  readonly bands: number
  /** k points times spins, as they are computed. */
  readonly kPoints: number
  readonly projectors: number
  /** Both components of a spinor. */
  readonly isSpinor: boolean
  /** Exact exchange. */
  readonly isHybrid: boolean
}

/** Seconds of one core for one electronic step: transforms, projectors, orthogonalisation, the small eigenproblem; with exact exchange a
 * transform for every pair of bands and every pair of k points. Scaling as in Kresse and Furthmüller, Comput. Mater. Sci. 6 (1996) 15, section 4. */
export function secondsPerStep({ planeWaves, bands, kPoints, projectors, isSpinor, isHybrid }: PlaneWaveWork): number {
  const box = boxOf(planeWaves)
  const components = isSpinor ? 2 : 1
  const transform = 2 * 5 * box * Math.log2(Math.max(2, box)) * components
  const apply = APPLICATIONS * bands * (transform + 2 * 8 * projectors * planeWaves * components)
  const subspace = APPLICATIONS * 2 * 8 * bands ** 2 * planeWaves * components + 50 * bands ** 3
  const exchange = isHybrid ? bands ** 2 * kPoints * transform : 0
  return FIXED_SECONDS * (10 + kPoints) + (kPoints * (apply + subspace + exchange)) / OPERATIONS_PER_SECOND
}

/** Electronic steps that a calculation is taken to need: a first geometry, and each later one that begins from the density before. */
export const FIRST_STEPS = 25
export const LATER_STEPS = 12
/** Geometries that a relaxation is taken to need, where it is allowed so many. */
export const GEOMETRIES = 30

/** Electronic steps in all for so many geometries. */
export const stepsFor = (geometries: number): number => FIRST_STEPS + Math.max(0, geometries - 1) * LATER_STEPS

/** k points that are surely left of a regular mesh, whatever the symmetry: no crystal has more than 48 operations on them. */
export const leastOfMesh = (count: number): number => Math.max(1, Math.floor(count / 48))
/** k points of a mesh that are computed at most: time reversal alone leaves one of each pair. */
export const mostOfMesh = (count: number): number => Math.ceil((count + 1) / 2)

/** The divisor of a number that comes nearest to a wanted one, from below where `isAtMost`. */
export function divisorNear(number: number, wanted: number, isAtMost: boolean): number {
  const divisors = divisorsOf(number).filter((one) => !isAtMost || one <= wanted)
  return divisors.reduce((best, one) => (Math.abs(one - wanted) < Math.abs(best - wanted) ? one : best), 1)
}

export const divisorsOf = (number: number): readonly number[] =>
  Array.from({ length: number }, (_, index) => index + 1).filter((one) => number % one === 0)

/** The sentence that an estimate rests on. */
export const sayOf = (
  calculation: string,
  of: Pick<PlaneWaveWork, 'bands' | 'planeWaves' | 'kPoints'> & {
    readonly atoms: number
    readonly electrons: number
    /** Electronic steps in all. */
    readonly steps: number
  },
): string =>
  `${calculation} of ${of.atoms} atoms, ${of.electrons} electrons: about ${of.steps} electronic steps of ${of.bands} bands, ${of.planeWaves} plane waves, at most ${of.kPoints} k points`
