import type { CalculationResult, IonicStep, Structure } from '@crystalmath/contract'

/** `order[i]` is the submitted index of written atom i. */
type Order = readonly number[]

/** A list per atom, from written to submitted order; a list of another length is none per atom and stays. */
function restored<T>(list: readonly T[], order: Order): T[] {
  if (list.length !== order.length) return [...list]
  const at = new Map(order.map((submitted, written) => [submitted, written]))
  return order.flatMap((_, submitted) => {
    const written = at.get(submitted)
    return written === undefined ? [] : list.slice(written, written + 1)
  })
}

function restoredStructure(structure: Structure, order: Order): Structure {
  const { species, positionsAngstrom, initialMomentsBohr, fixed, labels } = structure
  return {
    ...structure,
    species: restored(species, order),
    positionsAngstrom: restored(positionsAngstrom, order),
    ...(initialMomentsBohr && { initialMomentsBohr: restored(initialMomentsBohr, order) }),
    ...(fixed && { fixed: restored(fixed, order) }),
    ...(labels && { labels: restored(labels, order) }),
  }
}

const restoredStep = (step: IonicStep, order: Order): IonicStep => ({
  ...step,
  ...(step.structure && { structure: restoredStructure(step.structure, order) }),
  ...(step.forcesEvPerAngstrom && { forcesEvPerAngstrom: restored(step.forcesEvPerAngstrom, order) }),
})

type SiteValues = CalculationResult['sites'][string]

function restoredSites({ magneticMomentsBohr, charges, spins }: SiteValues, order: Order): SiteValues {
  return {
    ...(magneticMomentsBohr && {
      magneticMomentsBohr: restored<number | [number, number, number]>(magneticMomentsBohr, order) as number[],
    }),
    ...(charges && { charges: restored(charges, order) }),
    ...(spins && { spins: restored(spins, order) }),
  }
}

function restoredProperties(properties: CalculationResult['properties'], order: Order): CalculationResult['properties'] {
  const { trajectory, bornCharges, nmrShieldingsPpm, dos } = properties
  const projected = dos?.projected?.map((one) => ({ ...one, site: order[one.site] ?? one.site }))
  return {
    ...properties,
    ...(trajectory && { trajectory: trajectory.map((step) => restoredStep(step, order)) }),
    ...(bornCharges && { bornCharges: restored(bornCharges, order) }),
    ...(nmrShieldingsPpm && { nmrShieldingsPpm: restored(nmrShieldingsPpm, order) }),
    ...(dos && projected && { dos: { ...dos, projected } }),
  }
}

/** A result with all that it says per atom in the order of the submitted structure. It stays as it is where its atoms are not the written ones. */
export function inSubmittedOrder(result: CalculationResult, submitted: Structure, order: Order): CalculationResult {
  const written = order.map((index) => submitted.species[index])
  const isWritten =
    result.structure !== null &&
    result.structure.species.length === written.length &&
    result.structure.species.every((species, at) => species === written[at])
  if (!isWritten) return result
  const { structure, continuationStructure, forcesEvPerAngstrom, sites, properties } = result
  return {
    ...result,
    structure: structure && restoredStructure(structure, order),
    continuationStructure: continuationStructure && restoredStructure(continuationStructure, order),
    forcesEvPerAngstrom: forcesEvPerAngstrom && restored(forcesEvPerAngstrom, order),
    sites: Object.fromEntries(Object.entries(sites).map(([scheme, values]) => [scheme, restoredSites(values, order)])),
    properties: restoredProperties(properties, order),
  }
}
