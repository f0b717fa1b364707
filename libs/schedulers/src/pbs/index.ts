import { hold } from '../qsub.ts'
import type { Scheduler } from '../scheduler.ts'
import { variable } from '../shell.ts'
import { accounting } from './accounting.ts'
import { cancel } from './cancel.ts'
import { limits } from './limits.ts'
import { queue } from './status.ts'
import { submit } from './submit.ts'

/** OpenPBS and PBS Professional, not Torque. Written from their documents and from recorded output; run on no server by us. */
export const pbs: Scheduler = {
  name: 'pbs',
  supports: { arrays: true, accounting: true, earlySignal: false, endedInQueue: false, partitions: false },
  proven: false,
  helper: null,
  owner: `${variable('PBS_JOBID', 'none')}.0`,
  arrayIndex: null,
  node: '',
  asMember: () => ':',
  byHand: null,
  submit,
  queue,
  accounting,
  cancel,
  hold,
  limits,
  partitions: null,
  maintenance: null,
  submitLimits: () => [],
}
