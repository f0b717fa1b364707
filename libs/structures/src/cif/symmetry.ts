import type { Matrix3, Vector3 } from '@crystalmath/contract'
import { StructureProblem } from '../outcome.ts'
import { add, determinant, dot, mapVector } from '../vectors.ts'
import { type Block, columnOf, taggedValue } from './blocks.ts'
import type { Token } from './tokens.ts'

/** Acts on fractional coordinates: rotation · x + translation. */
export type SymmetryOperation = { readonly rotation: Matrix3; readonly translation: Vector3 }

const IDENTITY: SymmetryOperation = {
  rotation: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  translation: [0, 0, 0],
}

const OPERATION_TAGS = ['_space_group_symop_operation_xyz', '_symmetry_equiv_pos_as_xyz'] as const
const GROUP_TAGS = [
  '_space_group_name_h-m_alt',
  '_symmetry_space_group_name_h-m',
  '_space_group_it_number',
  '_symmetry_int_tables_number',
  '_space_group_name_hall',
  '_symmetry_space_group_name_hall',
] as const

export const applied = ({ rotation, translation }: SymmetryOperation, x: Vector3): Vector3 =>
  add(
    mapVector(x, (_, index) => dot(rotation[index], x)),
    translation,
  )

const TERM = /([+-]?)(?:(\d+(?:\.\d+)?|\.\d+)(?:\/(\d+))?)?\*?([xyz]?)/y

function expression(text: string): { readonly row: Vector3; readonly shift: number } | null {
  const row: Vector3 = [0, 0, 0]
  let shift = 0
  TERM.lastIndex = 0
  while (TERM.lastIndex < text.length) {
    const start = TERM.lastIndex
    const [all = '', sign, number, divisor, letter] = TERM.exec(text) ?? []
    if (all === '' || (number === undefined && !letter) || (start > 0 && sign === '')) return null
    const size = (number === undefined ? 1 : Number(number) / Number(divisor ?? 1)) * (sign === '-' ? -1 : 1)
    if (letter) row['xyz'.indexOf(letter) as 0 | 1 | 2] += size
    else shift += size
  }
  return { row, shift }
}

/** Reads `-y, x-y, z+1/3`; null where it is none. */
export function parseOperation(text: string): SymmetryOperation | null {
  const parts = text.toLowerCase().replace(/\s+/g, '').split(',').map(expression)
  const [x, y, z] = parts
  if (parts.length !== 3 || !x || !y || !z) return null
  const rotation: Matrix3 = [x.row, y.row, z.row]
  if (Math.abs(Math.abs(determinant(rotation)) - 1) > 1e-6) return null
  return { rotation, translation: [x.shift, y.shift, z.shift] }
}

function operationOf(token: Token): SymmetryOperation {
  const operation = parseOperation(token.text)
  if (operation !== null) return operation
  throw new StructureProblem({
    line: token.line,
    value: token.text,
    message: `"${token.text.slice(0, 60)}" is no symmetry operation`,
    mend: "write operations as 'x,y,z' or '-x+1/2,y,-z'",
  })
}

const namesNoGroup = (token: Token | undefined): boolean =>
  token === undefined || (!token.quoted && /^[?.]$/.test(token.text)) || /^(p\s*1|1)$/i.test(token.text.trim())

/** The operations that the block lists. Refuses one that names a space group other than P 1 but lists none: atoms would be missing. */
export function operationsOf(block: Block): readonly SymmetryOperation[] {
  const column = columnOf(block, ...OPERATION_TAGS)
  if (column !== undefined)
    return column.loop.rows
      .map((row) => row[column.at])
      .filter((token) => token !== undefined)
      .map(operationOf)
  const single = taggedValue(block, ...OPERATION_TAGS)
  if (single !== undefined) return [operationOf(single)]
  const group = GROUP_TAGS.map((tag) => block.values.get(tag)).find((token) => !namesNoGroup(token))
  const magnetic = block.loops.find(({ tags }) => tags.some((tag) => tag.startsWith('_space_group_symop_magn')))
  if (group === undefined && magnetic === undefined) return [IDENTITY]
  throw new StructureProblem({
    line: group?.line ?? magnetic?.line ?? 1,
    value: group?.text ?? 'magnetic symmetry',
    message: `the space group ${group === undefined ? '(magnetic)' : `"${group.text}"`} is named, but its operations are not listed, so atoms would be missing`,
    mend: 'export the CIF with _space_group_symop_operation_xyz, or with all atoms in P 1',
  })
}
