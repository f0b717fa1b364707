import { codeReads } from '../code-reads.ts'
import { resultOf } from './read/combine.ts'
import { document } from './read/document.ts'
import { dosFile } from './read/dos.ts'
import { phonopyFacts } from './recognise.ts'

const readers = { calculation: document, phonons: document, thermal: document, dos: dosFile }

/** The YAML files and tables of phonopy 1 and 2. */
export const phonopyReads = codeReads<typeof readers>({
  ...phonopyFacts,
  readers,
  combine(readings, { full }) {
    const order = ['calculation', 'phonons', 'thermal']
    const ordered = order.flatMap((kind) => readings.filter((reading) => reading.kind === kind))
    const documents = ordered.flatMap((reading) => (reading.kind === 'dos' ? [] : [reading.value]))
    const dos = readings.flatMap((reading) => (reading.kind === 'dos' ? [reading.value] : []))
    return resultOf({ documents, files: ordered.map(({ file }) => file), dos: dos[0] }, full)
  },
})
