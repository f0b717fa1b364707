import { ANGSTROM_PER_BOHR, type Reader, type Vector3 } from '@crystalmath/contract/plain'
import { detached } from '../../reading/hits.ts'
import { toNumber } from '../../reading/numbers.ts'
import { eachWholeLine } from '../../reading/scanner.ts'

/** The last cycle of a Turbomole `gradient` file, as `xtb --grad` writes it. */
export type XtbGradient = {
  energyHartree: number | null
  species: string[]
  positionsAngstrom: Vector3[]
  gradientHartreePerBohr: Vector3[]
  whole: boolean
}

export function gradient(): Reader<XtbGradient> {
  let found = emptyGradient(null)
  const line = (text: string) => {
    const [, energy] = /cycle *= *\d+ +SCF energy *= *(\S+)/.exec(text) ?? []
    if (energy !== undefined) found = emptyGradient(toNumber(energy))
    else if (text.startsWith('$end')) found.whole = true
    else {
      const words = text.trim().split(/ +/)
      const [x, y, z] = words.slice(0, 3).map(toNumber)
      if (x == null || y == null || z == null) return
      if (words.length === 4) {
        found.species.push(detached(`${words[3]?.slice(0, 1).toUpperCase()}${words[3]?.slice(1).toLowerCase()}`))
        found.positionsAngstrom.push([x * ANGSTROM_PER_BOHR, y * ANGSTROM_PER_BOHR, z * ANGSTROM_PER_BOHR])
      } else found.gradientHartreePerBohr.push([x, y, z])
    }
  }
  return { feed: eachWholeLine(line), end: () => found }
}

const emptyGradient = (energyHartree: number | null): XtbGradient => ({
  energyHartree,
  species: [],
  positionsAngstrom: [],
  gradientHartreePerBohr: [],
  whole: false,
})
