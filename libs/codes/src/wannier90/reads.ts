import { codeReads, type ReadingOf } from '../code-reads.ts'
import { bandFile, centresFile, labelFile, pathFile } from './read/bands.ts'
import { type Found, resultOf } from './read/combine.ts'
import { errorFile } from './read/errors.ts'
import { output } from './read/output.ts'
import { wannier90Facts } from './recognise.ts'

const readers = { output, error: errorFile, bands: bandFile, path: pathFile, labels: labelFile, centres: centresFile }
type Kind = keyof typeof readers

/** Wannier90 1 to 3 and postw90. */
export const wannier90Reads = codeReads<typeof readers>({
  ...wannier90Facts,
  readers,
  combine(readings, { full }) {
    const found: { [K in Kind]?: unknown } = {}
    const newest = (kind: Kind) => pick(readings, kind)
    for (const kind of Object.keys(readers) as Kind[]) {
      const value = newest(kind)
      if (value !== undefined) found[kind] = value
    }
    return resultOf(found as Found, full)
  },
})

/** Of several files of one kind the newest. */
function pick(readings: readonly ReadingOf<typeof readers>[], kind: Kind): unknown {
  const those = readings.filter((reading) => reading.kind === kind)
  return those.reduce<(typeof those)[number] | undefined>(
    (best, reading) => (best === undefined || (reading.modifiedMs ?? 0) > (best.modifiedMs ?? 0) ? reading : best),
    undefined,
  )?.value
}
