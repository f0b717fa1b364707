import { existsSync, globSync, readFileSync, statSync } from 'node:fs'
import { basename, join, relative, resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { READS, type Sample } from '@crystalmath/codes'
import type { CalculationResult, CodeName } from '@crystalmath/contract'
import { GENERATED } from './generated.ts'

/** One output to be broken: a text, and who reads it. */
export type Subject = {
  readonly code: CodeName
  readonly kind: string
  readonly name: string
  /** Below our checkout, or below the corpus; null for what was made up. */
  readonly path: string | null
  readonly text: string
  /** Where the middle of a long output was cut out: behind it steps are joined that no output joins. */
  readonly joint: number | null
}

const CHECKOUT = resolve(import.meta.dirname, '../../..')
export const CORPUS = resolve(CHECKOUT, '../shared/corpus')
/** Longer outputs are shortened in their middle: a mutation has to cost little. */
const MAX_TEXT = 200_000

export const hasCorpus = (): boolean => existsSync(CORPUS)

/** Our own fixtures, and the corpus of real outputs where it lies beside the checkout; in a stable order. */
export function loadSubjects(only: string | undefined, withCorpus: boolean, longest = MAX_TEXT): readonly Subject[] {
  const own = globSync(join(CHECKOUT, 'libs/codes/src/**/__fixtures__/**/*'))
  const real = withCorpus ? globSync(join(CORPUS, '*/*/*')) : []
  const files = [...own.sort(), ...real.sort()].flatMap((path) => fileAt(path, longest))
  return [...GENERATED.map((one) => ({ ...one, path: null, joint: null })), ...files].flatMap((file) => {
    const subject = recognised(file)
    return subject === null || (only !== undefined && subject.code !== only) ? [] : [subject]
  })
}

type TextFile = Pick<Subject, 'name' | 'path' | 'text' | 'joint'>

function fileAt(path: string, longest: number): readonly TextFile[] {
  if (!statSync(path).isFile() || /case\.json$|README|\.ts$|\.(?:xz|bz2|zst)$/.test(path)) return []
  const bytes = readFileSync(path)
  const plain = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes
  const below = path.startsWith(CORPUS) ? CORPUS : CHECKOUT
  return [
    {
      name: basename(path).replace(/\.gz$/, ''),
      path: relative(below, path),
      ...shortened(plain.toString('latin1'), longest),
    },
  ]
}

function shortened(text: string, longest: number): Pick<Subject, 'text' | 'joint'> {
  if (text.length <= longest) return { text, joint: null }
  const from = text.indexOf('\n', longest / 2) + 1
  const to = text.indexOf('\n', text.length - longest / 2) + 1
  return { text: text.slice(0, from) + text.slice(to), joint: from }
}

const sampleOf = (name: string, text: string): Sample => ({ name, folder: '', head: text.slice(0, 65_536) })

function recognised(file: TextFile): Subject | null {
  for (const reads of READS) {
    const kind = reads.recognise(sampleOf(file.name, file.text))
    if (kind !== null) return { code: reads.code, kind, ...file }
  }
  return null
}

const LOADED = new Map(await Promise.all(READS.map(async (reads) => [reads.code, await reads.load()] as const)))

/** Reads a text by its subject's reader, in blocks that end where `cuts` say. */
export function readText({ code, kind, name }: Subject, text: string, cuts: readonly number[] = []): CalculationResult {
  const reads = LOADED.get(code)
  const reader = reads?.readers[kind]?.(name, { full: true })
  if (reads === undefined || reader === undefined) throw new Error(`${code} has no reader ${kind}`)
  let line = 1
  let from = 0
  for (const to of [...cuts, text.length]) {
    const block = text.slice(from, to)
    if (block !== '') reader.feed(block, line)
    line += block.split('\n').length - 1
    from = to
  }
  return reads.combine([{ kind, file: name, sample: sampleOf(name, text), modifiedMs: 0, value: reader.end() }], { full: true })
}
