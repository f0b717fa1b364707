import { ANGSTROM_PER_BOHR, type Matrix3, type Structure, type Vector3 } from '@crystalmath/contract/plain'
import { symbolOf } from '@crystalmath/structures/elements'
import { detached } from '../../reading/hits.ts'
import { toNumber } from '../../reading/numbers.ts'
import type { Section } from '../../reading/scanner.ts'

/** Variables as ABINIT echoes them: name (with the number of its dataset, if any) → numbers. Words and units are left out. */
export type Echo = Map<string, number[]>

const LINE = /^[P-]? +([a-z][a-z_0-9]*[a-z_]|[a-z])(\d*)(\?|\+)? +(.*)$/
const MAX_NUMBERS = 300_000

/** Reads the block that follows `-outvars: echo values of …`, up to its closing rule. */
export function echoSection(echo: Echo): Section {
  let numbers: number[] | null = null
  return (text) => {
    if (text.startsWith('====') || text.startsWith('.Version')) return false // its end, or another run where this one was killed
    const [, name, dataset = '', , words] = LINE.exec(text) ?? []
    if (name !== undefined) {
      numbers = []
      echo.set(detached(`${name}${dataset}`), numbers)
    }
    for (const word of (words ?? text).trim().split(/ +/)) {
      const number = toNumber(word)
      if (number === null) break
      if (numbers !== null && numbers.length < MAX_NUMBERS) numbers.push(number)
    }
    return true
  }
}

/** A variable of the given dataset, else the one for all. */
export const echoed = (echo: Echo, name: string, dataset: number): number[] | undefined =>
  echo.get(`${name}${dataset}`) ?? echo.get(name)

/** Elements, one per atom; null where the echo does not tell them. */
export function speciesOf(echo: Echo, dataset: number): string[] | null {
  const natom = echoed(echo, 'natom', dataset)?.[0] ?? echoed(echo, 'typat', dataset)?.length ?? 1
  if (!Number.isInteger(natom) || natom < 1 || natom > MAX_NUMBERS) return null
  const typat = echoed(echo, 'typat', dataset) ?? Array<number>(natom).fill(1)
  const znucl = echoed(echo, 'znucl', dataset)
  if (znucl === undefined || typat.length !== natom) return null
  const species = typat.map((type) => symbolOf(Math.round(znucl[type - 1] ?? 0)))
  return species.every((symbol) => symbol !== null) ? species : null
}

/** Cell and positions of an echo; null where it is not whole. */
export function structureOf(echo: Echo, dataset: number): Structure | null {
  const species = speciesOf(echo, dataset)
  const xcart = echoed(echo, 'xcart', dataset)
  const [a = 1, b = 1, c = 1] = echoed(echo, 'acell', dataset) ?? []
  const rprim = rowsOf(echoed(echo, 'rprim', dataset) ?? [1, 0, 0, 0, 1, 0, 0, 0, 1])
  const [r1, r2, r3] = rprim
  if (species === null || r1 === undefined || r2 === undefined || r3 === undefined) return null
  const scaledBy = ([x, y, z]: Vector3, by: number): Vector3 => [
    x * by * ANGSTROM_PER_BOHR,
    y * by * ANGSTROM_PER_BOHR,
    z * by * ANGSTROM_PER_BOHR,
  ]
  const latticeAngstrom: Matrix3 = [scaledBy(r1, a), scaledBy(r2, b), scaledBy(r3, c)]
  const positionsAngstrom =
    xcart === undefined
      ? species.length === 1
        ? [[0, 0, 0] satisfies Vector3]
        : []
      : rowsOf(xcart).map((row) => scaledBy(row, 1))
  return positionsAngstrom.length === species.length ? { latticeAngstrom, species, positionsAngstrom } : null
}

/** Threes. */
export function rowsOf(numbers: readonly number[]): Vector3[] {
  const rows: Vector3[] = []
  for (let at = 0; at + 2 < numbers.length; at += 3)
    rows.push([numbers[at] ?? Number.NaN, numbers[at + 1] ?? Number.NaN, numbers[at + 2] ?? Number.NaN])
  return rows
}
