import { detached } from '../../reading/hits.ts'
import { toNumber } from '../../reading/numbers.ts'
import type { OutcarState, Rule } from './outcar-state.ts'

/** A rule that keeps one value. */
const keep =
  (change: (state: OutcarState, value: string) => void): Rule[1] =>
  (state, { value = '' }) => {
    change(state, value)
    return undefined
  }

/** How the run ended, and what it cost. */
export const END_RULES: readonly Rule[] = [
  [
    /reached required accuracy/,
    keep((state) => {
      state.requiredAccuracyReached = true
    }),
  ],
  [
    /(?:soft|hard) stop encountered/,
    keep((state) => {
      state.stopped = true
    }),
  ],
  [
    /General timing and accounting/,
    keep((state) => {
      state.complete = true
    }),
  ],
  [
    /Elapsed time \(sec\): *(?<value>\S+)/,
    keep((state, value) => {
      state.wallSeconds = toNumber(value)
    }),
  ],
  [
    /Total CPU time used \(sec\): *(?<value>\S+)/,
    keep((state, value) => {
      state.cpuSeconds = toNumber(value)
    }),
  ],
  [
    /Maximum memory used \(kb\): *(?<value>\S+)/,
    keep((state, value) => {
      state.memoryKilobytes = toNumber(value)
    }),
  ],
  [
    /total amount of memory used by VASP (?:on root node|MPI-rank0) *(?<value>\S+) *kBytes/,
    keep((state, value) => {
      state.rootMemoryKilobytes = toNumber(value)
    }),
  ],
  [
    /^ *(?<tag>MDALGO|IVDW|LVDW) *= *(?<value>\w+)/,
    (state, { tag = '', value = '' }) => {
      state.lateSettings.set(detached(tag), detached(value))
      return undefined
    },
  ],
]
