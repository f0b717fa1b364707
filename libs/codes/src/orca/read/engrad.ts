import { ANGSTROM_PER_BOHR, type Reader, type Vector3 } from '@crystalmath/contract/plain'
import { symbolOf } from '@crystalmath/structures/elements'
import { eachLine } from '../../reading/hits.ts'
import { toNumber, toNumbers } from '../../reading/numbers.ts'

/** An `.engrad`: energy, gradient and geometry of one evaluation. Null where it is torn or broken. */
export type Engrad = {
  readonly energyHartree: number
  readonly gradientHartreePerBohr: Vector3[]
  readonly species: string[]
  readonly positionsAngstrom: Vector3[]
} | null

const MAX_ATOMS = 100_000

/** Reads an `.engrad`: comments in `#`, then number of atoms, energy, 3 N numbers, and a row `Z x y z` (bohr) per atom. */
export function engrad(): Reader<Engrad> {
  const words: string[] = []
  let rest = ''
  return {
    feed(block, firstLine) {
      eachLine(block, firstLine, (line) => {
        if (line.startsWith('#') || words.length > 8 * MAX_ATOMS) return
        for (const word of line.trim().split(/\s+/)) if (word !== '') words.push(word)
      })
      rest = block.endsWith('\n') ? '' : 'torn'
    },
    end: () => (rest === '' ? engradOf(words) : null),
  }
}

function engradOf(words: readonly string[]): Engrad {
  const count = toNumber(words[0])
  const energyHartree = toNumber(words[1])
  if (count === null || energyHartree === null || !Number.isInteger(count) || count < 1 || words.length < 2 + 7 * count)
    return null
  const numbers = toNumbers(words.slice(2, 2 + 7 * count).join(' '))
  if (numbers === null) return null
  const row = (at: number): Vector3 => [numbers[at] ?? Number.NaN, numbers[at + 1] ?? Number.NaN, numbers[at + 2] ?? Number.NaN]
  const species: string[] = []
  const gradient: Vector3[] = []
  const positions: Vector3[] = []
  for (let atom = 0; atom < count; atom += 1) {
    const at = 3 * count + 4 * atom
    species.push(symbolOf(numbers[at] ?? 0) ?? 'X')
    gradient.push(row(3 * atom))
    const [x, y, z] = row(at + 1)
    positions.push([x * ANGSTROM_PER_BOHR, y * ANGSTROM_PER_BOHR, z * ANGSTROM_PER_BOHR])
  }
  return { energyHartree, gradientHartreePerBohr: gradient, species, positionsAngstrom: positions }
}
