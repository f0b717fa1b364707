import type { CodeReads, Reading } from '@crystalmath/codes/reads'
import { type Diagnosis, PermanentError, type Reader } from '@crystalmath/contract/plain'
import { blocksOf, newlinesIn } from './blocks.ts'
import type { Remarks } from './chunks.ts'
import type { Limits } from './limits.ts'
import { withFile } from './open-file.ts'
import type { Found } from './sample-file.ts'

export type FileReading = { readonly reading: Reading<string, unknown>; readonly diagnoses: readonly Diagnosis[] }

export type How = { readonly full: boolean; readonly limits: Limits }

/** Feeds one file to its reader. */
export async function readFound(reads: CodeReads, kind: string, found: Found, { full, limits }: How): Promise<FileReading> {
  const { path, sample, modifiedMs } = found
  const open = reads.readers[kind]
  if (open === undefined) throw new PermanentError(`${path}: ${reads.code} has no reader named ${kind}`)
  const reader = open(path, { full })
  const remarks: Remarks = { torn: false, cut: [], outline: false }
  if (found.whole) feedText(sample.head, reader)
  else
    await withFile(path, async (file, { size }) => {
      for await (const { text, firstLine } of blocksOf({ path, file, size, limits, datasets: reads.datasets }, remarks))
        reader.feed(text, firstLine)
    })
  const reading = { kind, file: path, sample, modifiedMs, value: reader.end() }
  return { reading, diagnoses: diagnosesOf(path, remarks, limits) }
}

/** As two blocks, if its last line lacks an end. */
function feedText(text: string, reader: Reader<unknown>): void {
  const end = text.lastIndexOf('\n') + 1
  if (end > 0) reader.feed(text.slice(0, end), 1)
  if (end < text.length) reader.feed(text.slice(end), newlinesIn(text) + 1)
}

/** At most so many cut lines are told of: a file of nothing else would fill the result. */
const MAX_CUT = 5

function diagnosesOf(path: string, { torn, cut }: Remarks, limits: Limits): readonly Diagnosis[] {
  const lines = cut.slice(0, MAX_CUT).map(({ line, bytes, begin }) => ({
    kind: 'OUTPUT_UNREADABLE',
    message: `${path}, line ${line}: ${bytes} bytes without a line end; read up to ${limits.lineBytes}`,
    evidence: { file: path, line, text: begin },
  }))
  const early = {
    kind: 'OUTPUT_INCOMPLETE',
    message: `${path}: the gzip data end early, as after an interrupted copy; read up to there`,
    evidence: { file: path, line: null, text: '' },
  }
  return torn ? [...lines, early] : lines
}
