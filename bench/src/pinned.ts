import { spawnSync } from 'node:child_process'

/** Of util-linux: holds a process and all its threads on some of the cores. */
const TASKSET = 'taskset'

/** Whether this machine can hold processes on cores. */
export const canPin = (): boolean => spawnSync(TASKSET, ['-c', '0', 'true']).status === 0

/** A command that runs on these cores alone, as taskset names them: `0`, `0-1`. */
export const pinned = (cores: string, command: readonly string[]): readonly string[] => [TASKSET, '-c', cores, ...command]
