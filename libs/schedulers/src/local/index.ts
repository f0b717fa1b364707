import type { Scheduler } from '../scheduler.ts'
import { variable } from '../shell.ts'
import { accounting } from './accounting.ts'
import { cancel, hold } from './cancel.ts'
import { helperPath } from './helper.ts'
import { limits, partitions } from './limits.ts'
import { queue } from './status.ts'
import { submit } from './submit.ts'

/** A queue of plain processes on the login host itself: a workstation, or a machine that has no batch system. */
export const local = (root: string): Scheduler => ({
  name: 'local',
  supports: { arrays: false, accounting: true, earlySignal: true, endedInQueue: true, partitions: false },
  proven: true,
  helper: { path: helperPath(root), script: 'local-queue.sh' },
  owner: `${variable('CRYSTALMATH_QUEUE_JOB', 'none')}.0`,
  arrayIndex: null,
  node: '',
  asMember: () => ':',
  byHand: null,
  submit: submit(root),
  queue: queue(root),
  accounting: accounting(root),
  cancel: cancel(root),
  hold: hold(root),
  limits: limits(root),
  partitions: partitions(root),
  maintenance: null,
  submitLimits: () => [],
})
