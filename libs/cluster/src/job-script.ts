import { type ClusterCode, PermanentError, type Resources, type Step } from '@crystalmath/contract'
import type { Scheduler } from '@crystalmath/schedulers'
import { quote, quoteAll } from '@crystalmath/ssh'
import { bringLines } from './cluster-files.ts'
import { directoryOf, insideGlob, insidePath } from './place.ts'
import { readScript } from './read-script.ts'
import { SET_UP } from './set-up.ts'
import type { StagedAttempt } from './site.ts'

/** job.sh as text: the constants of one attempt, its programs as a function, then the part that is the same for all. */
export function jobScript(attempt: StagedAttempt, { root, account, scheduler, code }: JobSurroundings): string {
  const { place, preparation, resources, copies } = attempt
  const { stopFile } = preparation
  return [
    '#!/bin/sh',
    `# ${attempt.jobName.replace(/[^\x20-\x7e]/g, ' ').slice(0, 200)}`,
    `token=${quote(place.token)}`,
    `directory=${quote(`${root}/${directoryOf(place)}`)}`,
    `spool=${quote(`${root}/.spool/${account}`)}`,
    `me=${scheduler.owner}`,
    `node=${scheduler.node}`,
    `stop_file=${quote(stopFile === null ? '' : insidePath(stopFile.path))}`,
    '',
    '# The outputs worth keeping, in $kept, one a line',
    'keep() {',
    `  for path in ${preparation.keep.map(insideGlob).join(' ') || "''"}; do keep_one; done`,
    '}',
    'bring_copies() {',
    ...copies.map((copy) => `  ${copyLine(copy)}`),
    // of a batch each member brings its own: its claim would do it for all of them, one after the other, on the login node
    ...(place.batch == null ? [] : bringLines(preparation).map((line) => `  ${line}`)),
    '  :',
    '}',
    'ask_to_stop() {',
    stopFile === null ? '  :' : `  printf '%s' ${quote(stopFile.text)} >"$stop_file"`,
    '}',
    '# The first program that fails ends the run',
    'run() {',
    '  set +u',
    ...(code.setUp.trim() === '' ? [] : [`  . ./${SET_UP}`]),
    `  export OMP_NUM_THREADS=${resources.threadsPerRank}`,
    ...preparation.steps.map((step) => `  ${stepLine(step, resources, code)} || return`),
    '}',
    '',
    readScript('job.sh'),
  ].join('\n')
}

export type JobSurroundings = {
  readonly root: string
  readonly account: string
  readonly scheduler: Scheduler
  readonly code: ClusterCode
}

function copyLine({ fromAttempt, from, to }: StagedAttempt['copies'][number]): string {
  const source = `../${fromAttempt}/${insidePath(from)}`
  const target = insidePath(to)
  const folder = target.includes('/') ? `mkdir -p -- ${quote(target.slice(0, target.lastIndexOf('/')))} && ` : ''
  return `${folder}cp -R -- ${quote(source)} ${quote(target)} || return`
}

function stepLine({ program, args, stdin, stdout, stderr, parallel }: Step, resources: Resources, code: ClusterCode): string {
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.+-]*$/.test(program)) throw new PermanentError(`"${program}" is no name of a program`)
  const launcher = parallel ? fillIn(code.launcher, resources) : ''
  return [
    launcher,
    code.executables[program] ?? program,
    quoteAll(args),
    `<${stdin === null ? '/dev/null' : quote(insidePath(stdin))}`,
    `>${quote(insidePath(stdout))}`,
    stderr === undefined ? '' : stderr === stdout ? '2>&1' : `2>${quote(insidePath(stderr))}`,
  ]
    .filter((word) => word !== '')
    .join(' ')
}

/** `mpirun -np {ranks}` */
export const fillIn = (launcher: string, { ranks, threadsPerRank, nodes }: Resources): string =>
  launcher
    .replaceAll('{ranks}', String(ranks))
    .replaceAll('{threads}', String(threadsPerRank))
    .replaceAll('{nodes}', String(nodes))
    .trim()

/** The script of an array: each task becomes the job.sh of its member. `m/<index>` is a link to the member's folder. */
export const batchScript = (directory: string, { arrayIndex }: Scheduler, members: number): string => {
  if (arrayIndex === null) throw new PermanentError('this batch system has no arrays')
  return `#!/bin/sh
# an array of ${members} jobs
cd ${quote(`${directory}/m`)}/"${arrayIndex}" || exit 78
exec /bin/sh ./job.sh
`
}
