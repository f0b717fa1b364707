import type { InputProblem } from '@crystalmath/contract'
import { nearestWord } from '@crystalmath/structures'
import { allowedValue } from '../../writing/keyword-table.ts'
import { isRecord, parameterProblem } from '../../writing/problems.ts'
import { INCAR_TAGS, INCAR_VALUES, NOT_NEGATIVE_TAGS, OURS, POSITIVE_TAGS, type TagKind } from './incar-tags.ts'

export type TagValue = string | number | boolean | readonly number[]
export type Incar = ReadonlyMap<string, TagValue>

type Context = {
  /** Elements in the order of POTCAR, for lists that are given by element. */
  readonly elements: readonly string[]
  /** Tags that the user vouches for though they are in no table. */
  readonly allowUnknown: readonly string[]
}

/** The user's tags in capitals, checked. */
export function userIncar(
  tags: Readonly<Record<string, unknown>>,
  context: Context,
): { readonly incar: Incar; readonly problems: readonly InputProblem[] } {
  const incar = new Map<string, TagValue>()
  const problems: InputProblem[] = []
  for (const [written, value] of Object.entries(tags)) {
    const tag = written.trim().toUpperCase()
    const found = oneTag(tag, `incar.${written}`, value, context)
    if ('problem' in found) problems.push(found.problem)
    else incar.set(tag, found.value)
  }
  return { incar, problems }
}

type Found = { readonly value: TagValue } | { readonly problem: InputProblem }

function oneTag(tag: string, path: string, value: unknown, { elements, allowUnknown }: Context): Found {
  const ours = OURS[tag]
  if (ours !== undefined) return { problem: parameterProblem(path, `${tag} is set by the platform`, ours, value) }
  const kind = INCAR_TAGS.get(tag)
  if (kind === undefined) return unknownTag(tag, path, value, allowUnknown)
  if (isRecord(value) && tag.startsWith('LDAU')) return byElement(tag, path, value, elements)
  const fault = faultOf(tag, kind, value)
  if (fault !== null) return { problem: parameterProblem(path, `${tag} must be ${fault}`, `write ${fault}`, value) }
  const values = INCAR_VALUES[tag]
  if (values === undefined || typeof value === 'boolean' || Array.isArray(value)) return { value: value as TagValue }
  if (typeof value === 'number' && values.includes(value)) return { value }
  const texts = values.filter((one) => typeof one === 'string')
  const known = typeof value === 'string' ? allowedValue(texts, value) : null
  if (known !== null) return { value: known }
  const nearest = typeof value === 'string' ? nearestWord(value, texts) : null
  return {
    problem: parameterProblem(
      path,
      `${tag} does not know ${JSON.stringify(value)}`,
      nearest === null ? `write one of ${values.join(', ')}` : `did you mean "${nearest}"?`,
      value,
    ),
  }
}

function unknownTag(tag: string, path: string, value: unknown, allowUnknown: readonly string[]): Found {
  const isPlain =
    ['string', 'number', 'boolean'].includes(typeof value) ||
    (Array.isArray(value) && value.every((one) => typeof one === 'number'))
  if (allowUnknown.includes(tag) && isPlain && /^[A-Z][A-Z0-9_]*$/.test(tag)) return { value: value as TagValue }
  const nearest = nearestWord(tag, INCAR_TAGS.keys())
  const mend =
    nearest === null
      ? 'check its spelling, or list it in parameters.allowUnknown: VASP ignores what it does not know without a word'
      : `did you mean ${nearest}? (else list it in parameters.allowUnknown)`
  return { problem: parameterProblem(path, `there is no INCAR tag "${tag.slice(0, 60)}"`, mend, value) }
}

function faultOf(tag: string, kind: TagKind, value: unknown): string | null {
  const isText = typeof value === 'string' && !/[\r\n;#!]/.test(value) && value.length < 200
  if (tag === 'LREAL' || tag === 'EFERMI')
    return typeof value === 'boolean' || isText || typeof value === 'number' ? null : 'true, false, or a text'
  if (kind === 'logical') return typeof value === 'boolean' ? null : 'true or false'
  if (kind === 'text') return isText || (tag === 'GGA' && typeof value === 'number') ? null : 'a text of one line without ; # !'
  if (kind === 'list')
    return typeof value === 'number' || (Array.isArray(value) && value.length > 0 && value.every((one) => Number.isFinite(one)))
      ? null
      : 'a list of numbers'
  const isRight = kind === 'integer' ? Number.isSafeInteger(value) : Number.isFinite(value)
  if (!isRight) return kind === 'integer' ? 'a whole number' : 'a number'
  if (typeof value !== 'number') return null
  if (NOT_NEGATIVE_TAGS.has(tag) && value < 0) return 'zero or above'
  return POSITIVE_TAGS.has(tag) && value <= 0 ? 'above zero' : null
}

/** `{ "Fe": 4 }` becomes one number per element of POTCAR; others get 0, for LDAUL -1 (no U). */
function byElement(tag: string, path: string, value: Readonly<Record<string, unknown>>, elements: readonly string[]): Found {
  const stranger = Object.keys(value).find((element) => !elements.includes(element))
  if (stranger !== undefined)
    return {
      problem: parameterProblem(
        `${path}.${stranger}`,
        `the structure has no ${stranger}`,
        `there are ${elements.join(', ')}`,
        value[stranger],
      ),
    }
  const numbers = elements.map((element) => value[element] ?? (tag === 'LDAUL' ? -1 : 0))
  const wrong = numbers.find((one) => typeof one !== 'number' || !Number.isFinite(one))
  return wrong === undefined
    ? { value: numbers.filter((one) => typeof one === 'number') }
    : { problem: parameterProblem(path, `${tag} must be numbers by element`, `write for example { "${elements[0]}": 4 }`, value) }
}

const shownValue = (value: TagValue): string => {
  if (typeof value === 'boolean') return value ? '.TRUE.' : '.FALSE.'
  return typeof value === 'object' ? packed(value) : String(value)
}

/** `4*2.5 -2.5` for five numbers: lines of INCAR must not grow without end. */
function packed(numbers: readonly number[]): string {
  const runs: { value: number; count: number }[] = []
  for (const value of numbers) {
    const last = runs.at(-1)
    if (last?.value === value) last.count += 1
    else runs.push({ value, count: 1 })
  }
  return runs.map(({ value, count }) => (count === 1 ? String(value) : `${count}*${value}`)).join(' ')
}

/** INCAR with its tags in alphabetical order, SYSTEM first. */
export const renderIncar = (incar: Incar): string =>
  `${[...incar]
    .sort(([a], [b]) => Number(b === 'SYSTEM') - Number(a === 'SYSTEM') || (a < b ? -1 : 1))
    .map(([tag, value]) => `${tag} = ${shownValue(value)}`)
    .join('\n')}\n`
