import type { Bands, Vector3 } from '@crystalmath/contract'
import { toNumber, toNumbers } from '../../reading/numbers.ts'
import type { Rule, Section } from '../../reading/sections.ts'

/** Energies of the input, by k point; from the zero that YAMBO chose. */
export type Energies = { readonly kPoints: Vector3[]; readonly energies: number[][]; readonly weights: number[] }

const MAX_K_POINTS = 100_000

/** Lists of levels: `*X* K [1]` of version 4 with `E` before each row, `E @ K [ 1]:  [eV]` of version 5. */
export function bandRules(into: Energies): readonly Rule[] {
  return [
    {
      pattern: /(?<=^ *)\*X\* K \[ *(?<k>\d+)\] *:[^\n]*weight +(?<weight>[^ \n]+)/,
      read: ({ groups }) => version4(into, Number(groups['k']), toNumber(groups['weight'])),
    },
    {
      pattern: /(?<=^ *)K \[ *(?<k>\d+)\]: +(?<point>[^[\n]+)\[rlu\]/,
      read: ({ groups }) => point(into, Number(groups['k']), groups['point'] ?? ''),
    },
    { pattern: /(?<=^ *)E @ K \[ *(?<k>\d+)\]: +\[eV\]/, read: ({ groups }) => version5(into, Number(groups['k'])) },
  ]
}

function point({ kPoints }: Energies, k: number, text: string): undefined {
  const row = toNumbers(text)
  if (row?.length === 3 && k === kPoints.length + 1 && k <= MAX_K_POINTS) kPoints.push(row as Vector3)
}

/** A line of the point in fractions, then rows that begin with `E`. */
function version4(into: Energies, k: number, weight: number | null): Section {
  const levels: number[] = []
  let whole = true
  return (text) => {
    const place = /^ {1,80}(.{1,200})\(rlu\)/.exec(text)?.[1]
    if (place !== undefined) {
      point(into, k, place)
      return true
    }
    const row = /^ +E +(.+)$/.exec(text)?.[1]
    if (row !== undefined) {
      const numbers = toNumbers(row)
      levels.push(...(numbers ?? []))
      whole &&= numbers !== null
      return true
    }
    if (whole && levels.length > 0 && k === into.energies.length + 1 && k <= MAX_K_POINTS) {
      into.energies.push(levels)
      if (weight !== null) into.weights.push(weight)
    }
    return false
  }
}

function version5(into: Energies, k: number): Section {
  const levels: number[] = []
  return (text) => {
    const numbers = text.trim() === '' ? null : toNumbers(text)
    if (numbers !== null) {
      levels.push(...numbers)
      return true
    }
    if (levels.length > 0 && k === into.energies.length + 1 && k <= MAX_K_POINTS) into.energies.push(levels)
    return false
  }
}

/** The bands, if every k point has all its levels; on the scale of the ground-state code, given its Fermi level. */
export function bandsOf({ kPoints, energies, weights }: Energies, count: number | null, fermiEv: number | null): Bands | null {
  if (count === null || count === 0 || fermiEv === null || kPoints.length !== count || energies.length !== count) return null
  if (energies.some((levels) => levels.length !== energies[0]?.length)) return null
  return {
    kPoints,
    ...(weights.length === count ? { kWeights: weights } : {}),
    eigenvaluesEv: [energies.map((levels) => levels.map((level) => level + fermiEv))],
    fermiEnergyEv: fermiEv,
  }
}
