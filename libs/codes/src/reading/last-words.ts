import type { CalculationResult, Diagnosis, Reader } from '@crystalmath/contract'
import { lineCounter, quoted } from './hits.ts'
import { isSymptom, systemCauseIn } from './system-causes.ts'

/** How much of a file's end is looked at, characters. */
const TAIL = 16_384

/** Diagnoses that only say that a run was cut off, whoever did it. */
const CONSEQUENCES: ReadonlySet<string> = new Set([
  'OUTPUT_INCOMPLETE',
  'OUTPUT_UNREADABLE',
  'IONIC_INTERRUPTED_PARTIAL_TRAJECTORY',
  'UNKNOWN_FAILURE',
  'NOSTART',
])

/** What a reader tells, and what others than the code wrote at the end of its file. */
const WORDS = new WeakMap<object, readonly Diagnosis[]>()

/** The reader, and beside it a look at the last lines: kernels, batch systems and MPI write into any program's output, as its last words. */
export function withLastWords<T>(file: string, reader: Reader<T>): Reader<T> {
  let before: readonly [block: string, firstLine: number] | null = null
  let last: readonly [block: string, firstLine: number] | null = null
  return {
    feed(block, firstLine) {
      ;[before, last] = [last, [block, firstLine]]
      reader.feed(block, firstLine)
    },
    end() {
      const value = reader.end()
      const kept = [before, last].filter((one) => one !== null)
      const words = kept.flatMap(([block, firstLine]) => wordsIn(file, block, firstLine))
      if (words.length > 0 && typeof value === 'object' && value !== null) WORDS.set(value, words)
      return value
    },
  }
}

function wordsIn(file: string, block: string, firstLine: number): Diagnosis[] {
  const found: Diagnosis[] = []
  const lineAt = lineCounter(block, firstLine)
  let from = block.length <= TAIL ? 0 : block.indexOf('\n', block.length - TAIL) + 1
  while (from < block.length) {
    const newline = block.indexOf('\n', from)
    const to = newline === -1 ? block.length : newline
    const text = block.slice(from, to)
    const cause = systemCauseIn(text)
    if (cause !== null) found.push({ ...cause, evidence: { file, line: lineAt(from), text: quoted(text) } })
    from = to + 1
  }
  return found
}

/** A run that did not come to its end, with those words before what merely follows from them. */
export function heardOut(result: CalculationResult, values: readonly unknown[]): CalculationResult {
  if (result.termination === 'normal') return result
  const words = values.flatMap((value) => (typeof value === 'object' && value !== null ? (WORDS.get(value) ?? []) : []))
  if (words.length === 0) return result
  const known = new Set(result.diagnoses.map(({ kind }) => kind))
  const fresh = words.filter(({ kind }, i) => !known.has(kind) && words.findIndex((other) => other.kind === kind) === i)
  const causes = [...result.diagnoses.filter(({ kind }) => !CONSEQUENCES.has(kind)), ...fresh]
  const consequences = result.diagnoses.filter(({ kind }) => CONSEQUENCES.has(kind))
  // what killed it before the kill
  if (words.some(({ kind }) => !isSymptom(kind))) causes.sort((a, b) => Number(isSymptom(a.kind)) - Number(isSymptom(b.kind)))
  return { ...result, diagnoses: [...causes, ...consequences] }
}
