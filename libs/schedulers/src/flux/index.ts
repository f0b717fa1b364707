import type { Scheduler } from '../scheduler.ts'
import { accounting } from './accounting.ts'
import { cancel, hold } from './cancel.ts'
import { limits } from './limits.ts'
import { queue } from './status.ts'
import { submit } from './submit.ts'

/** Flux, 0.49 and later. Written from its documents and from recorded output; run on no instance by us. */
export const flux: Scheduler = {
  name: 'flux',
  supports: { arrays: false, accounting: true, earlySignal: false, endedInQueue: false, partitions: false },
  proven: false,
  helper: null,
  // a batch script is the initial program of an instance, which knows the id of its job as an attribute
  owner: '$(LC_ALL=C FLUX_F58_FORCE_ASCII=1 flux job id --to=f58 "$(flux getattr jobid)").0',
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
