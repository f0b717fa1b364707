import { codeReads } from '../code-reads.ts'
import { resultOf } from './read/combine.ts'
import { transport } from './read/transport.ts'
import { boltztrap2Facts } from './recognise.ts'

const readers = { transport }

/** BoltzTraP and BoltzTraP2. */
export const boltztrap2Reads = codeReads<typeof readers>({
  ...boltztrap2Facts,
  readers,
  combine: (readings, { full }) =>
    resultOf(
      readings.map(({ value }) => value),
      full,
    ),
})
