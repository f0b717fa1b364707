import { hold } from '../qsub.ts'
import type { Scheduler } from '../scheduler.ts'
import { variable } from '../shell.ts'
import { accounting } from './accounting.ts'
import { cancel } from './cancel.ts'
import { limits } from './limits.ts'
import { queue } from './status.ts'
import { submit } from './submit.ts'

/** Torque, and what speaks like it: our tests run it against the wrappers that Slurm brings along (`slurm-wlm-torque`), which are no Torque. */
export const torque: Scheduler = {
  name: 'torque',
  supports: { arrays: false, accounting: false, earlySignal: false, endedInQueue: true, partitions: false },
  proven: false,
  helper: null,
  // the wrappers set no PBS_JOBID: there the job is Slurm's
  owner: `${variable('PBS_JOBID', variable('SLURM_JOB_ID', 'none'))}.${variable('SLURM_RESTART_COUNT', '0')}`,
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
