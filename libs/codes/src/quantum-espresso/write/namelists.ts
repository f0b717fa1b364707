import type { InputProblem } from '@crystalmath/contract'
import { allowedValue, type Keyword, unknownKeyword, valueProblem } from '../../writing/keyword-table.ts'
import { isRecord, parameterProblem } from '../../writing/problems.ts'
import type { Kind } from './kinds.ts'
import { ARRAYS, BY_KIND, OURS, PW_NAMELISTS, type PwNamelist } from './pw-keywords.ts'

export type Scalar = string | number | boolean
/** Keywords in lower case, with indices where they are arrays: `starting_magnetization(1)`. */
export type Entries = ReadonlyMap<string, Scalar>
export type Namelists = Readonly<Record<PwNamelist, Entries>>

export const NAMELIST_NAMES = Object.keys(PW_NAMELISTS) as readonly PwNamelist[]

type Found = { readonly entries: readonly (readonly [string, Scalar])[]; readonly problems: readonly InputProblem[] }
const none = (...problems: readonly InputProblem[]): Found => ({ entries: [], problems })

/** The user's namelists in one form, or what is wrong with each keyword. */
export function userNamelists(
  parameters: Readonly<Record<string, unknown>>,
  kinds: readonly Kind[],
): { readonly namelists: Namelists; readonly problems: readonly InputProblem[] } {
  const found = NAMELIST_NAMES.map((name) => {
    const members = parameters[name]
    const all = Object.entries(isRecord(members) ? members : {}).map(([keyword, value]) =>
      oneKeyword(name, keyword, value, kinds),
    )
    return { name, entries: new Map(all.flatMap(({ entries }) => entries)), problems: all.flatMap(({ problems }) => problems) }
  })
  const entriesOf = (name: PwNamelist): Entries => found.find((one) => one.name === name)?.entries ?? new Map()
  return {
    namelists: {
      control: entriesOf('control'),
      system: entriesOf('system'),
      electrons: entriesOf('electrons'),
      ions: entriesOf('ions'),
      cell: entriesOf('cell'),
    },
    problems: found.flatMap(({ problems }) => problems),
  }
}

function oneKeyword(name: PwNamelist, written: string, value: unknown, kinds: readonly Kind[]): Found {
  const path = `${name}.${written}`
  const { word = written.toLowerCase(), indices } =
    /^(?<word>[^(]*)(?:\((?<indices>[^)]*)\))?$/.exec(written.trim().toLowerCase())?.groups ?? {}
  const keyword = Object.hasOwn(PW_NAMELISTS[name], word) ? PW_NAMELISTS[name][word] : undefined
  const ours = OURS[`${name}.${word}`]
  if (ours !== undefined) return none(parameterProblem(path, `${word} is set by the platform: ${ours}`, 'leave it out', value))
  if (keyword === undefined) return none(unknownKeyword(path, word, PW_NAMELISTS, value))
  if (indices !== undefined) return withIndices({ path, word, indices, keyword, value, kinds })
  if (BY_KIND.has(word)) return byKind({ path, word, keyword, value, kinds })
  if (word in ARRAYS) return none(parameterProblem(path, `${word} is an array`, `say which member: "${word}(1)"`, value))
  return scalar(path, word, keyword, value)
}

function scalar(path: string, word: string, keyword: Keyword, value: unknown): Found {
  const problem = valueProblem(path, keyword, value)
  if (problem !== null) return none(problem)
  const isChoice = keyword.type === 'text' && keyword.values !== undefined && typeof value === 'string'
  return { entries: [[word, isChoice ? (allowedValue(keyword.values ?? [], value) ?? value) : (value as Scalar)]], problems: [] }
}

type Indexed = {
  readonly path: string
  readonly word: string
  readonly indices?: string
  readonly keyword: Keyword
  readonly value: unknown
  readonly kinds: readonly Kind[]
}

function withIndices({ path, word, indices = '', keyword, value, kinds }: Indexed): Found {
  const numbers = indices.split(',').map((part) => part.trim())
  const wanted = BY_KIND.has(word) ? [1, ARRAYS[word] ?? 1] : [ARRAYS[word] ?? 0]
  if (!wanted.includes(numbers.length) || !numbers.every((number) => /^[1-9]\d{0,3}$/.test(number)))
    return none(
      parameterProblem(
        path,
        `"${word}(${indices})" is no member of an array of pw.x`,
        wanted[0] === 0 ? `write ${word} without an index` : `write for example "${word}(1)"`,
        value,
      ),
    )
  if (BY_KIND.has(word) && Number(numbers[0]) > kinds.length)
    return none(
      parameterProblem(
        path,
        `${word}(${indices}) is for kind ${numbers[0]}, but there are ${kinds.length}: ${kinds.map(({ name }) => name).join(', ')}`,
        'use the kind’s name instead of its number',
        value,
      ),
    )
  return scalar(path, `${word}(${numbers.join(',')})`, keyword, value)
}

/** `{ "Fe": 0.5 }` for all kinds of iron, `{ "Fe1": 0.5 }` for one. */
function byKind({ path, word, keyword, value, kinds }: Indexed): Found {
  if (!isRecord(value))
    return none(
      parameterProblem(path, `${word} has one value per kind of atom`, `write { "${kinds[0]?.name ?? 'Fe'}": … }`, value),
    )
  const all = Object.entries(value).map(([name, one]): Found => {
    const meant = kinds.flatMap((kind, at) => (kind.name === name || kind.element === name ? [at + 1] : []))
    if (meant.length === 0)
      return none(
        parameterProblem(
          `${path}.${name}`,
          `there is no kind of atom "${name.slice(0, 20)}"`,
          `there are ${kinds.map((kind) => kind.name).join(', ')}`,
          one,
        ),
      )
    const parts = meant.map((at) => scalar(`${path}.${name}`, `${word}(${at})`, keyword, one))
    return { entries: parts.flatMap(({ entries }) => entries), problems: parts[0]?.problems ?? [] }
  })
  return { entries: all.flatMap(({ entries }) => entries), problems: all.flatMap(({ problems }) => problems) }
}

/** Later ones win. */
export const mergedNamelists = (...all: readonly Partial<Namelists>[]): Namelists => {
  const merged = (name: PwNamelist): Entries => new Map(all.flatMap((one) => [...(one[name] ?? [])]))
  return {
    control: merged('control'),
    system: merged('system'),
    electrons: merged('electrons'),
    ions: merged('ions'),
    cell: merged('cell'),
  }
}

export const numberIn = (entries: Entries, name: string): number | undefined => {
  const value = entries.get(name)
  return typeof value === 'number' ? value : undefined
}
