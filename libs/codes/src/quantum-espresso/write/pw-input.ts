import type { PseudopotentialFile } from '@crystalmath/contract'
import type { LatticeStructure } from '@crystalmath/structures'
import { coordinate, coordinates, fortranValue } from './fortran.ts'
import type { Kinds } from './kinds.ts'
import { type Entries, NAMELIST_NAMES, type Namelists } from './namelists.ts'
import { PW_NAMELISTS, type PwNamelist } from './pw-keywords.ts'
import type { Calculation } from './settings.ts'

export type PwInput = {
  readonly calculation: Calculation
  readonly namelists: Namelists
  readonly structure: LatticeStructure
  readonly kinds: Kinds
  readonly files: ReadonlyMap<string, PseudopotentialFile>
  readonly kPointLines: readonly string[]
  readonly cards: readonly string[]
}

/** The text of an input for pw.x: the same content gives the same text, byte for byte. */
export function renderPwInput({ calculation, namelists, structure, kinds, files, kPointLines, cards }: PwInput): string {
  const needed = NAMELIST_NAMES.filter((name) =>
    name === 'ions' ? /relax|md/.test(calculation) : name === 'cell' ? calculation.startsWith('vc-') : true,
  )
  return [
    ...needed.flatMap((name) => namelistLines(name, namelists[name])),
    'ATOMIC_SPECIES',
    ...kinds.kinds.map(({ name, element, mass }) => `${name.padEnd(3)} ${mass.toFixed(6)} ${files.get(element)?.fileName ?? ''}`),
    'CELL_PARAMETERS angstrom',
    ...structure.latticeAngstrom.map(coordinates),
    'ATOMIC_POSITIONS angstrom',
    ...structure.positionsAngstrom.map(
      (row, atom) =>
        `${(kinds.kinds[kinds.ofAtom[atom] ?? 0]?.name ?? '').padEnd(3)} ${row.map(coordinate).join(' ')}${flagsOf(structure, atom)}`,
    ),
    ...kPointLines,
    ...cards.map((card) => card.trimEnd()),
    '',
  ].join('\n')
}

/** `if_pos`: 0 where the atom may not move; written for all atoms if any is fixed. */
const flagsOf = ({ fixed }: LatticeStructure, atom: number): string =>
  fixed?.some((row) => row.includes(true)) === true
    ? ` ${(fixed[atom] ?? [false, false, false]).map((is) => (is ? 0 : 1)).join(' ')}`
    : ''

/** Keywords in the order of the table, array members by index. */
function namelistLines(name: PwNamelist, entries: Entries): readonly string[] {
  const order = Object.keys(PW_NAMELISTS[name])
  const table: Readonly<Record<string, { readonly type: string }>> = PW_NAMELISTS[name]
  const word = (key: string) => key.replace(/\(.*$/, '')
  const sorted = [...entries].sort(
    ([a], [b]) => order.indexOf(word(a)) - order.indexOf(word(b)) || a.localeCompare(b, 'en', { numeric: true }),
  )
  return [
    `&${name.toUpperCase()}`,
    ...sorted.map(([key, value]) => `  ${key} = ${fortranValue(value, table[word(key)]?.type === 'real')}`),
    '/',
  ]
}
