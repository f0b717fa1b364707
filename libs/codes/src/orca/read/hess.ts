import { ANGSTROM_PER_BOHR, type Reader, type Vector3 } from '@crystalmath/contract/plain'
import { detached } from '../../reading/hits.ts'
import { toNumbers } from '../../reading/numbers.ts'
import { eachWholeLine } from '../../reading/scanner.ts'

/** A `.hess`: geometry, frequencies (all 3 N, zeros too), infrared intensities in km/mol. */
export type OrcaHess = {
  energyHartree: number | null
  temperatureK: number | null
  frequenciesPerCm: number[]
  infraredKmPerMol: number[]
  species: string[]
  positionsAngstrom: Vector3[]
  /** The closing `$end` is there. */
  whole: boolean
}

/** Reads the blocks `$act_energy`, `$act_temp`, `$atoms`, `$vibrational_frequencies` and `$ir_spectrum`; skips the Hessian itself. */
export function hess(): Reader<OrcaHess> {
  const found: OrcaHess = {
    energyHartree: null,
    temperatureK: null,
    frequenciesPerCm: [],
    infraredKmPerMol: [],
    species: [],
    positionsAngstrom: [],
    whole: false,
  }
  let block = ''
  let counted = false
  const line = (text: string) => {
    if (text.startsWith('$')) {
      block = detached(text.trim())
      counted = false
      if (block === '$end') found.whole = true
    } else if (READ.has(block)) counted = take(found, block, counted, text)
  }
  return { feed: eachWholeLine(line), end: () => found }
}

const READ = new Set(['$act_energy', '$act_temp', '$atoms', '$vibrational_frequencies', '$ir_spectrum'])

/** Takes one line; the first of a table is its length. */
function take(found: OrcaHess, block: string, counted: boolean, text: string): boolean {
  const words = text.trim().split(/\s+/)
  const numbers = toNumbers(block === '$atoms' && counted ? words.slice(1).join(' ') : text)
  if (numbers === null || numbers.length === 0) return counted
  const [first = Number.NaN, second = Number.NaN] = numbers
  if (block === '$act_energy') found.energyHartree = first === 0 ? null : first
  else if (block === '$act_temp') found.temperatureK = first === 0 ? null : first
  else if (!counted) return true
  else if (block === '$vibrational_frequencies' && numbers.length === 2) found.frequenciesPerCm.push(second)
  else if (block === '$ir_spectrum' && numbers.length >= 3)
    found.infraredKmPerMol.push(numbers.length >= 6 ? (numbers[2] ?? Number.NaN) : second)
  else if (block === '$atoms' && numbers.length === 4) {
    const [, x = Number.NaN, y = Number.NaN, z = Number.NaN] = numbers
    found.species.push(detached(words[0] ?? 'X'))
    found.positionsAngstrom.push([x * ANGSTROM_PER_BOHR, y * ANGSTROM_PER_BOHR, z * ANGSTROM_PER_BOHR])
  }
  return counted
}
