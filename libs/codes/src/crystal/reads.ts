import { codeReads, type ReadingOf } from '../code-reads.ts'
import { joined } from './read/join.ts'
import { output } from './read/output.ts'
import { plotTable, plotUnit25 } from './read/plot-files.ts'
import { errorUnit87, scfLog } from './read/scf-log.ts'
import { structureFile } from './read/structure-file.ts'
import { crystalFacts } from './recognise.ts'

const readers = { output, log: scfLog, error: errorUnit87, structure: structureFile, table: plotTable, unit25: plotUnit25 }
type Kind = keyof typeof readers

type One = ReadingOf<typeof readers>

/** Of several files of one kind the newest. */
function newest<K extends Kind>(readings: readonly One[], kind: K): Extract<One, { kind: K }> | undefined {
  const those = readings.filter((reading): reading is Extract<One, { kind: K }> => reading.kind === kind)
  return those.reduce<(typeof those)[number] | undefined>(
    (best, reading) => (best === undefined || (reading.modifiedMs ?? 0) >= (best.modifiedMs ?? 0) ? reading : best),
    undefined,
  )
}

const isProperties = (reading: One): boolean => reading.kind === 'output' && reading.value.run.kind === 'properties'

/** CRYSTAL09 to CRYSTAL23: outputs of crystal and properties, and the files that they write. */
export const crystalReads = codeReads<typeof readers>({
  ...crystalFacts,
  readers,
  combine(readings, { full }) {
    const plots = [newest(readings, 'unit25')?.value, newest(readings, 'table')?.value].filter((plot) => plot !== undefined)
    const outputs = readings.filter((reading) => reading.kind === 'output')
    const properties = newest(outputs.filter(isProperties), 'output')
    const scf = newest(
      outputs.filter((reading) => !isProperties(reading)),
      'output',
    )
    return joined(
      {
        output: (scf ?? properties)?.value,
        path: properties?.value.run.path ?? [],
        log: newest(readings, 'log')?.value,
        error: newest(readings, 'error')?.value,
        structure: newest(readings, 'structure')?.value.structure ?? null,
        plots,
      },
      full,
    )
  },
})
