import type { CalculationResult, CodeName, Structure, Vector3 } from '@crystalmath/contract'

/** A result of which nothing is known yet; a member overwrites what it read. */
export const emptyResult = (code: CodeName): CalculationResult => ({
  code,
  codeVersion: null,
  termination: 'truncated',
  electronicConverged: null,
  ionicConverged: null,
  energyEv: null,
  energyKind: null,
  unconvergedEnergyEv: null,
  freeEnergyEv: null,
  entropyTermEv: null,
  scfEnergyEv: null,
  energyMethod: null,
  dispersionEnergyEv: null,
  excitedStateEnergyEv: null,
  forcesEvPerAngstrom: null,
  maxForceEvPerAngstrom: null,
  maxFreeForceEvPerAngstrom: null,
  stressGpa: null,
  structure: null,
  continuationStructure: null,
  formula: null,
  atomCount: null,
  volumeAngstrom3: null,
  pressureGpa: null,
  kineticEnergyEv: null,
  temperatureK: null,
  ionicStepCount: null,
  scfStepCounts: [],
  fermiEnergyEv: null,
  vbmEv: null,
  cbmEv: null,
  homoEv: null,
  lumoEv: null,
  bandGapEv: null,
  bandGapDirect: null,
  bandGapSource: null,
  totalMagnetizationBohr: null,
  totalMagnetizationVectorBohr: null,
  sites: {},
  spinSquared: null,
  spinSquaredIdeal: null,
  mpiRankCount: null,
  threadsPerRank: null,
  coreCount: null,
  wallSeconds: null,
  cpuSeconds: null,
  maxMemoryMebibytes: null,
  coreHours: null,
  method: null,
  diagnoses: [],
  warnings: [],
  properties: {},
})

/** Elements in alphabetical order with counts, `Fe2 O3`; null for no atoms. */
export function formulaOf(species: readonly string[]): string | null {
  if (species.length === 0) return null
  const counts = new Map<string, number>()
  for (const element of species) counts.set(element, (counts.get(element) ?? 0) + 1)
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([element, count]) => `${element}${count === 1 ? '' : count}`)
    .join(' ')
}

/** Largest norm of the rows; null for none. */
export function largestNorm(rows: readonly Readonly<Vector3>[] | null): number | null {
  if (rows === null || rows.length === 0) return null
  let largest = 0
  for (const [x, y, z] of rows) largest = Math.max(largest, x * x + y * y + z * z)
  return Math.sqrt(largest)
}

/** Largest norm over the components that may move; null for none. */
export function largestFreeNorm(rows: readonly Readonly<Vector3>[] | null, fixed: Structure['fixed']): number | null {
  if (rows === null || fixed === undefined) return largestNorm(rows)
  return largestNorm(
    rows.map(([x, y, z], i) => {
      const [fx, fy, fz] = fixed[i] ?? [false, false, false]
      return [fx ? 0 : x, fy ? 0 : y, fz ? 0 : z]
    }),
  )
}

/** |a · (b × c)|, Å³. */
export function volumeOf([a, b, c]: readonly [Readonly<Vector3>, Readonly<Vector3>, Readonly<Vector3>]): number {
  return Math.abs(a[0] * (b[1] * c[2] - b[2] * c[1]) - a[1] * (b[0] * c[2] - b[2] * c[0]) + a[2] * (b[0] * c[1] - b[1] * c[0]))
}

/** wall × cores / 3600, once both are known. */
export const coreHoursOf = (wallSeconds: number | null, coreCount: number | null): number | null =>
  wallSeconds === null || coreCount === null ? null : (wallSeconds * coreCount) / 3600
