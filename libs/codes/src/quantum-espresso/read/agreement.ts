import type { CalculationResult } from '@crystalmath/contract'

export type Agreement = { readonly verdict: 'agrees' | 'another' | 'disagrees'; readonly because: string }

const AGREES: Agreement = { verdict: 'agrees', because: '' }

/** Half of the last printed digit, in the unit of the text, with some room for sums of rounded numbers. */
const ENERGY_EV = 1e-6
const FORCE_EV_PER_ANGSTROM = 2e-6
const STRESS_GPA = 2e-3
/** Six digits of the axes in units of alat, which may be large. */
const LENGTH_ANGSTROM = 2e-5
const LENGTH_RELATIVE = 1e-6
const FERMI_EV = 2e-4

/**
 * Do text and XML tell of one step of one run, and the same? Another geometry or other atoms are another step or run; the same geometry
 * with another energy, forces or stress is a disagreement.
 */
export function agreementOf(text: CalculationResult, xml: CalculationResult): Agreement {
  if (xml.diagnoses.some(({ kind }) => kind === 'OUTPUT_UNREADABLE' || kind === 'OUTPUT_INCOMPLETE'))
    return { verdict: 'another', because: 'the XML is broken or cut off' }
  if (text.codeVersion !== null && xml.codeVersion !== null && text.codeVersion !== xml.codeVersion)
    return { verdict: 'another', because: `version ${xml.codeVersion}, not ${text.codeVersion}` }
  if (text.formula !== null && xml.formula !== null && text.formula !== xml.formula)
    return { verdict: 'another', because: `${xml.formula}, not ${text.formula}` }
  if (!sameGeometry(text.structure, xml.structure)) return { verdict: 'another', because: 'another geometry' }
  if ((text.energyEv === null) !== (xml.energyEv === null))
    return { verdict: 'another', because: 'an energy in one of them only' }
  if (text.energyEv === null && text.bandGapSource !== xml.bandGapSource)
    return { verdict: 'another', because: 'another kind of calculation' }
  return differenceOf(text, xml)
}

function differenceOf(text: CalculationResult, xml: CalculationResult): Agreement {
  const checks: readonly (readonly [string, number | null, number])[] = [
    ['energy', apart(text.energyEv, xml.energyEv), ENERGY_EV],
    ['force', farthest(freeOf(text.forcesEvPerAngstrom, xml), freeOf(xml.forcesEvPerAngstrom, xml)), FORCE_EV_PER_ANGSTROM],
    ['stress', farthest(text.stressGpa, xml.stressGpa), STRESS_GPA],
    ['Fermi energy', apart(text.fermiEnergyEv, xml.fermiEnergyEv), FERMI_EV],
  ]
  const broken = checks.find(([, difference, limit]) => difference !== null && difference > limit)
  return broken === undefined
    ? AGREES
    : { verdict: 'disagrees', because: `${broken[0]} differs by ${broken[1]?.toExponential(2)}` }
}

/** Forces without the components that may not move: the XML has zeros there, the text what was computed. */
const freeOf = (
  forces: CalculationResult['forcesEvPerAngstrom'],
  { structure }: CalculationResult,
): CalculationResult['forcesEvPerAngstrom'] =>
  forces?.map(
    (force, i) => force.map((value, axis) => (structure?.fixed?.[i]?.[axis] === true ? 0 : value)) as [number, number, number],
  ) ?? null

const apart = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : Math.abs(a - b))

function farthest(a: readonly (readonly number[])[] | null, b: readonly (readonly number[])[] | null): number | null {
  if (a === null || b === null) return null
  if (a.length !== b.length) return Number.POSITIVE_INFINITY
  let most = 0
  for (const [i, row] of a.entries())
    for (const [j, value] of row.entries()) most = Math.max(most, Math.abs(value - (b[i]?.[j] ?? Number.POSITIVE_INFINITY)))
  return most
}

function sameGeometry(a: CalculationResult['structure'], b: CalculationResult['structure']): boolean {
  if (a === null || b === null) return true
  const cells = farthest(a.latticeAngstrom, b.latticeAngstrom)
  const positions = farthest(a.positionsAngstrom, b.positionsAngstrom)
  const longest = Math.max(...(a.latticeAngstrom ?? []).flat().map(Math.abs), 0)
  const limit = LENGTH_ANGSTROM + LENGTH_RELATIVE * longest
  return (cells === null || cells < limit) && (positions === null || positions < limit)
}
