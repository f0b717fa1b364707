import type { Scheduler } from '../scheduler.ts'
import { variable } from '../shell.ts'
import { accounting } from './accounting.ts'
import { cancel, hold } from './cancel.ts'
import { limits, maintenance, partitions } from './limits.ts'
import { asMember } from './member.ts'
import { queue } from './status.ts'
import { submit } from './submit.ts'
import { submitLimits } from './submit-limits.ts'

export const slurm: Scheduler = {
  name: 'slurm',
  supports: { arrays: true, accounting: true, earlySignal: true, endedInQueue: true, partitions: true },
  proven: true,
  helper: null,
  // of a member of an array as the listings call it, `812_3`
  owner: `${variable('SLURM_ARRAY_JOB_ID', variable('SLURM_JOB_ID', 'none'))}\${SLURM_ARRAY_TASK_ID:+_}${variable('SLURM_ARRAY_TASK_ID')}.${variable('SLURM_RESTART_COUNT', '0')}`,
  arrayIndex: variable('SLURM_ARRAY_TASK_ID', 'none'),
  node: variable('SLURMD_NODENAME'),
  asMember,
  byHand: {
    name: `squeue -h -j "$id" -o %j`,
    rename: `scontrol update jobid="$id" name="$1"`,
    ends: `date -d "$(squeue -h -j "$id" -o %e)" +%s 2>/dev/null`,
  },
  submit,
  queue,
  accounting,
  cancel,
  hold,
  limits,
  partitions,
  maintenance,
  submitLimits,
}
