import type { Reader, Vector3 } from '@crystalmath/contract'
import { detached } from '../../reading/hits.ts'
import { toNumber } from '../../reading/numbers.ts'
import { eachWholeLine } from '../../reading/scanner.ts'

export type OrcaFrame = {
  readonly energyHartree: number | null
  readonly species: string[]
  readonly positionsAngstrom: Vector3[]
}

/** The last complete frame of an ORCA `.xyz` or `_trj.xyz`, and how many there are. */
export type OrcaFrames = { readonly count: number; readonly last: OrcaFrame | null }

const ATOM = /^ *([A-Z][a-z]?) +(\S+) +(\S+) +(\S+) *$/

/** Reads frames whose comment is `Coordinates from ORCA-job NAME E -670.53`. */
export function xyz(): Reader<OrcaFrames> {
  let count = 0
  let last: OrcaFrame | null = null
  let frame: { energyHartree: number | null; species: string[]; positionsAngstrom: Vector3[] } | null = null
  let wanted = 0
  let comment = false

  const line = (text: string) => {
    if (comment && frame !== null) {
      comment = false
      frame.energyHartree = toNumber(/ E +(\S+)/.exec(text)?.[1])
      return
    }
    const [, symbol, ...words] = ATOM.exec(text) ?? []
    const [x, y, z] = words.map(toNumber)
    if (frame !== null && symbol !== undefined && x != null && y != null && z != null) {
      frame.species.push(detached(symbol))
      frame.positionsAngstrom.push([x, y, z])
      if (frame.species.length < wanted) return
      count += 1
      last = frame
      frame = null
      return
    }
    frame = null
    const atoms = toNumber(text)
    if (atoms === null || !Number.isInteger(atoms) || atoms < 1) return
    frame = { energyHartree: null, species: [], positionsAngstrom: [] }
    wanted = atoms
    comment = true
  }
  return { feed: eachWholeLine(line), end: () => ({ count, last }) }
}
