import type { Matrix3, Vector3 } from '@crystalmath/contract'
import { isElement } from '../elements.ts'
import { toFractional } from '../lattice.ts'
import { numberOf, StructureProblem } from '../outcome.ts'
import { type Block, columnOf, type Loop, taggedValue } from './blocks.ts'
import type { Token } from './tokens.ts'

/** One atom site as listed, before symmetry. */
export type Site = { readonly label: string; readonly element: string; readonly fractional: Vector3; readonly line: number }

const unknown = (token: Token | undefined): boolean =>
  token === undefined || (!token.quoted && (token.text === '?' || token.text === '.'))

/** A number with or without its uncertainty, `5.4307(2)`; null for anything else. */
export const cifNumber = (token: Token | undefined): number | null => numberOf(token?.text.replace(/\(\d*\)$/, ''))

/** `_cell_length_a` and the like; throws where it is missing or no number. */
export function cellNumber(block: Block, tag: string): number {
  const token = taggedValue(block, tag)
  const value = cifNumber(token)
  if (value !== null && value > 0) return value
  throw new StructureProblem({
    ...(token === undefined ? {} : { line: token.line, value: token.text }),
    message: `${tag} must be a positive number, found ${token === undefined ? 'nothing' : `"${token.text.slice(0, 40)}"`}`,
    mend: `write ${tag} with a number`,
  })
}

/** The loop of the atom sites and which of its columns is which. */
export type SiteTable = { readonly loop: Loop; readonly at: (tag: string) => number }

export function siteTableOf(block: Block): SiteTable | null {
  const column = columnOf(block, '_atom_site_fract_x', '_atom_site_cartn_x')
  return column === undefined ? null : { loop: column.loop, at: (tag) => column.loop.tags.indexOf(`_atom_site_${tag}`) }
}

/** `Fe3+`, `O2-`, `Si4`, `Fe1`: the letters in front, as an element. Deuterium is hydrogen. */
function elementOf(word: string): string | null {
  const letters = /^[A-Za-z]{1,2}/.exec(word)?.[0] ?? ''
  const two = letters.charAt(0).toUpperCase() + letters.slice(1).toLowerCase()
  const one = two.charAt(0)
  if (two === 'D' || (one === 'D' && !isElement(two))) return 'H'
  return isElement(two) ? two : isElement(one) ? one : null
}

function coordinatesOf(row: readonly Token[], { at }: SiteTable, lattice: Matrix3, line: number): Vector3 {
  const fractional = at('fract_x') >= 0
  const tags = fractional ? ['fract_x', 'fract_y', 'fract_z'] : ['cartn_x', 'cartn_y', 'cartn_z']
  const [x, y, z] = tags.map((tag) => cifNumber(row[at(tag)]))
  if (typeof x === 'number' && typeof y === 'number' && typeof z === 'number')
    return fractional ? [x, y, z] : (toFractional([[x, y, z]], lattice)[0] ?? [x, y, z])
  const text = tags.map((tag) => row[at(tag)]?.text ?? 'nothing').join(' ')
  throw new StructureProblem({
    line,
    value: text,
    message: `the coordinates of the site must be three numbers, found "${text}"`,
    mend: 'leave out sites without coordinates',
  })
}

function checkOccupancy(token: Token | undefined, name: string): void {
  if (token === undefined || unknown(token)) return
  const occupancy = cifNumber(token)
  if (occupancy !== null && Math.abs(occupancy - 1) <= 1e-3) return
  throw new StructureProblem({
    line: token.line,
    value: token.text,
    message: `site ${name} is occupied to ${token.text.slice(0, 20)}, but a calculation needs whole atoms`,
    mend: 'choose one ordered arrangement (a supercell where needed) and set the occupancy to 1',
  })
}

/** The listed sites; partly occupied ones and unknown elements are refused. */
export function sitesOf(table: SiteTable, lattice: Matrix3): readonly Site[] {
  const { loop, at } = table
  // sites of the flag `dum` are helpers of the refinement, not atoms
  const rows = loop.rows.filter((row) => row[at('calc_flag')]?.text.toLowerCase() !== 'dum')
  return rows.map((row) => {
    const label = row[at('label')]
    const type = row[at('type_symbol')]
    const line = row[0]?.line ?? loop.line
    const named = unknown(type) ? label : type
    const element = elementOf(named?.text ?? '')
    if (element === null)
      throw new StructureProblem({
        line,
        value: named?.text ?? '',
        message: `"${named?.text ?? ''}" names no element`,
        mend: 'give _atom_site_type_symbol an element symbol',
      })
    checkOccupancy(row[at('occupancy')], label?.text ?? element)
    return { label: label?.text ?? element, element, fractional: coordinatesOf(row, table, lattice, line), line }
  })
}
