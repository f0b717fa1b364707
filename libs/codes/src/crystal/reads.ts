import { codeReads, type ReadingOf, type Sample } from '../code-reads.ts'
import { joined } from './read/join.ts'
import { output } from './read/output.ts'
import { plotTable, plotUnit25 } from './read/plot-files.ts'
import { errorUnit87, scfLog } from './read/scf-log.ts'
import { structureFile } from './read/structure-file.ts'

const readers = { output, log: scfLog, error: errorUnit87, structure: structureFile, table: plotTable, unit25: plotUnit25 }
type Kind = keyof typeof readers

const BANNER = /^ \* {20,}(?:MPP ?|P)?CRYSTAL ?\d\d(?:\d\d)? +\*/m
/** Scripts echo the input first, and a long one pushes the banner out of sight. */
const PREAMBLE =
  /^(?:crystal executable in|Executable: .*crystal|executable script: .*runcry|# mpiexec: full path to program is .*crystal| PROCESS +\d+ +OF +\d+ +WORKING)/im
const STRUCTURE = /^\s*[0-3]\s+[1-7]\s+\d+[^\n]*\n(?:(?:\s+-?\d\.\d+E[+-]\d+){3}[^\S\n]*\n){3}\s*\d+\s*\n/

/** Which of CRYSTAL's files this is, by its contents. */
function kindOf({ name, head }: Sample): Kind | null {
  if (BANNER.test(head) || PREAMBLE.test(head)) return 'output'
  if (/^# *(?:NKPT|NEPTS) +\d+ +N(?:BND|PROJ) +\d+ +NSPIN/.test(head)) return 'table'
  if (/^-%-\d[A-Z]{4}/.test(head)) return 'unit25'
  if (STRUCTURE.test(head)) return 'structure'
  if (/CRYSTAL - SCF - TYPE OF CALCULATION|== SCF ENDED - /.test(head)) return 'log'
  return name === 'fort.87' && /ERROR \*{4}/.test(head) ? 'error' : null
}

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
  code: 'crystal',
  recognise: kindOf,
  mainKinds: ['output', 'log', 'unit25', 'table', 'structure'],
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
