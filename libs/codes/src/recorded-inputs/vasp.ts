import type { Structure } from '@crystalmath/contract'
import { incar } from '../vasp/read/incar.ts'
import { INCAR_TAGS, OURS } from '../vasp/write/incar-tags.ts'

export type Tags = ReadonlyMap<string, string>

/** Tags of an INCAR in capitals, values as texts. */
export function tagsOf(text: string): Tags {
  const reader = incar('INCAR')
  reader.feed(text, 1)
  return reader.end().tags
}

/** `2*0.5 1` → 0.5 0.5 1. */
const numbersOf = (text: string): readonly number[] =>
  text
    .trim()
    .split(/\s+/)
    .flatMap((word) => {
      const [, count, value] = /^(\d+)\*(.+)$/.exec(word) ?? [null, '1', word]
      return Array.from({ length: Number(count) }, () => Number((value ?? '').replace(/[dD]/, 'e')))
    })
const logical = (text: string): boolean | null => {
  const [, letter] = /^\.?([TFtf])/.exec(text.trim()) ?? []
  return letter === undefined ? null : letter.toLowerCase() === 't'
}

/** A value by the kind that our table gives its tag; null where the text is none of that kind. */
export function typedValue(tag: string, text: string): string | number | boolean | readonly number[] | null {
  const kind = INCAR_TAGS.get(tag) ?? 'text'
  if (tag === 'LREAL') return /^\.?[TF]/i.test(text) ? logical(text) : text
  if (kind === 'logical') return logical(text)
  if (kind === 'text') return text
  const numbers = numbersOf(text)
  if (numbers.some((one) => !Number.isFinite(one))) return null
  return kind === 'list' ? numbers : (numbers[0] ?? null)
}

/** What the platform decides itself, and what says the kind of calculation. */
const isLeftOut = (tag: string): boolean => OURS[tag] !== undefined

/** The kind of calculation that the tags of a run amount to. */
function calculationOf(tags: Tags): string {
  const [steps, ibrion, isif] = ['NSW', 'IBRION', 'ISIF'].map((tag) => Number(tags.get(tag) ?? Number.NaN))
  if (ibrion === 0) return 'md'
  if ((ibrion ?? 0) >= 5) return 'phonons'
  if (!((steps ?? 0) > 0)) return 'static'
  return (isif ?? 2) >= 3 ? 'vc-relax' : 'relax'
}

/** Our parameters for a recorded INCAR; tags in no table of ours are vouched for, as a user would. */
export function parametersOf(tags: Tags, species: readonly string[]): Readonly<Record<string, unknown>> {
  const calculation = calculationOf(tags)
  const given = [...tags].filter(([tag]) => !isLeftOut(tag))
  return {
    calculation,
    kMesh: [4, 4, 4],
    pseudopotentials: Object.fromEntries([...new Set(species)].map((element) => [element, element])),
    incar: Object.fromEntries(given.map(([tag, text]) => [tag, typedValue(tag, text)])),
    allowUnknown: given.map(([tag]) => tag).filter((tag) => !INCAR_TAGS.has(tag)),
  }
}

/** Keys of the recorded INCAR whose value another one lacks or has otherwise. */
export function differences(recorded: Tags, rendered: Tags): readonly string[] {
  return [...recorded].flatMap(([tag, text]) => {
    if (isLeftOut(tag)) return []
    const [was, is] = [typedValue(tag, text), typedValue(tag, rendered.get(tag) ?? '')]
    const same = JSON.stringify(plain(was)) === JSON.stringify(plain(is))
    return same ? [] : [`${tag}: ${text} became ${rendered.get(tag) ?? 'nothing'}`]
  })
}
/** Words differ in nothing but capitals; a list of equal numbers may be one number. */
const plain = (value: ReturnType<typeof typedValue>): unknown => (typeof value === 'string' ? value.trim().toLowerCase() : value)

/** Elements for structures that stand in for those that are not there. */
const ELEMENTS = ['Fe', 'O', 'Mn', 'Co', 'Ni', 'P']

/** A structure with as many atoms and elements as the lists of an INCAR ask for, where none lies beside it. */
export function stand(tags: Tags): Structure {
  const spinors = logical(tags.get('LSORBIT') ?? 'F') === true || logical(tags.get('LNONCOLLINEAR') ?? 'F') === true
  const elements = Math.max(1, numbersOf(tags.get('LDAUU') ?? '0').length)
  const atoms = Math.max(elements, numbersOf(tags.get('MAGMOM') ?? '0').length / (spinors ? 3 : 1))
  return {
    latticeAngstrom: [
      [3 * atoms, 0, 0],
      [0, 4, 0],
      [0, 0, 4],
    ],
    periodic: [true, true, true],
    species: Array.from({ length: atoms }, (_, i) => ELEMENTS[Math.min(i, elements - 1)] ?? 'Fe'),
    positionsAngstrom: Array.from({ length: atoms }, (_, i) => [3 * i, 0, 0]),
  }
}

/** Whether the lists of an INCAR are as long as a structure needs. */
export function fits({ species }: Structure, tags: Tags): boolean {
  const spinors = logical(tags.get('LSORBIT') ?? 'F') === true || logical(tags.get('LNONCOLLINEAR') ?? 'F') === true
  const [moments, hubbard] = ['MAGMOM', 'LDAUU'].map((tag) => tags.get(tag))
  return (
    (moments === undefined || numbersOf(moments).length === species.length * (spinors ? 3 : 1)) &&
    (hubbard === undefined || numbersOf(hubbard).length === new Set(species).size)
  )
}

/** As many ranks as the run's own sharing out needs. */
export const ranksOf = (tags: Tags): number =>
  ['KPAR', 'NCORE', 'NPAR'].reduce((product, tag) => product * Math.max(1, Number(tags.get(tag) ?? 1)), 1)
