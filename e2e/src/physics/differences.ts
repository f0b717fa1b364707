import type { CalculationResult } from '@crystalmath/contract'

/** Half of the last digit that the text prints, in our units, with some room for sums; 0: the same. */
const TOLERANCES: Readonly<Record<string, number>> = {
  energyEv: 3e-7,
  freeEnergyEv: 3e-7,
  scfEnergyEv: 3e-7,
  entropyTermEv: 3e-7,
  forcesEvPerAngstrom: 1e-6,
  maxForceEvPerAngstrom: 2e-6,
  maxFreeForceEvPerAngstrom: 2e-6,
  stressGpa: 2e-4,
  pressureGpa: 2e-3,
  volumeAngstrom3: 2e-3,
  fermiEnergyEv: 1e-4,
  vbmEv: 1e-4,
  cbmEv: 1e-4,
  bandGapEv: 2e-4,
  totalMagnetizationBohr: 6e-3,
  totalMagnetizationVectorBohr: 6e-3,
  structure: 2e-5,
  continuationStructure: 2e-5,
  wallSeconds: 2,
  cpuSeconds: 2,
  coreHours: 1e-3,
  method: 1e-6,
  properties: 1e-4,
}

/** Members of a method that must be the same to rounding, although text and XML print them with other digits. */
const OF_METHOD: Readonly<Record<string, number>> = {
  cutoffEv: 1e-2,
  densityCutoffEv: 1e-2,
  smearingWidthEv: 1e-3,
  electronCount: 1e-6,
}

/** Members of properties that are printed with fewer digits than the others. */
const OF_PROPERTIES: Readonly<Record<string, number>> = { absoluteMagnetizationBohr: 6e-3, pressureGpa: 2e-3 }

/** What is told about a run, not by it. */
const APART = new Set(['warnings', 'diagnoses', 'code'])

/** Compares two results member by member, where both know one: those that differ with both values, and those that were compared. */
export function differencesOf(
  one: CalculationResult,
  other: CalculationResult,
): { readonly differences: readonly string[]; readonly compared: readonly string[] } {
  const differences: string[] = []
  const compared: string[] = []
  for (const [name, value] of Object.entries(one)) {
    const counterpart = other[name as keyof CalculationResult]
    if (APART.has(name) || value === null || counterpart === null || counterpart === undefined) continue
    compared.push(name)
    compare(name, value, counterpart, TOLERANCES[name] ?? 0, differences)
  }
  return { differences, compared }
}

function compare(path: string, one: unknown, other: unknown, tolerance: number, differences: string[]): void {
  if (one === undefined || other === undefined || one === null || other === null) return
  if (typeof one === 'number' && typeof other === 'number') {
    if (!(Math.abs(one - other) <= tolerance)) differences.push(`${path}: ${one} and ${other}`)
  } else if (Array.isArray(one) && Array.isArray(other)) {
    if (one.length !== other.length) differences.push(`${path}: ${one.length} and ${other.length} entries`)
    for (const [index, value] of one.entries()) compare(`${path}[${index}]`, value, other[index], tolerance, differences)
  } else if (typeof one === 'object' && typeof other === 'object') {
    for (const [name, value] of Object.entries(one))
      compare(
        `${path}.${name}`,
        value,
        (other as Record<string, unknown>)[name],
        OF_METHOD[name] ?? OF_PROPERTIES[name] ?? TOLERANCES[name] ?? tolerance,
        differences,
      )
  } else if (one !== other) differences.push(`${path}: ${JSON.stringify(one)} and ${JSON.stringify(other)}`)
}
