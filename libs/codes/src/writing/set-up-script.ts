import type { InputProblem, Step } from '@crystalmath/contract'
import type { CodeWrites, Prepared, Task } from '../code-writes.ts'

const SCRIPT = 'own-set-up.sh'
const OUTPUT = 'own-set-up.out'

/** What a set-up script has no business with: other machines, the batch system, other users, what outlives it. */
const FORBIDDEN: readonly (readonly [RegExp, string, string])[] = [
  [/\b(sbatch|srun|salloc|scancel|qsub|qdel|flux|bsub)\b/, 'calls the batch system', 'submit a job of its own instead'],
  [
    /(?<![./~\w])(ssh|scp|sftp|rsync|curl|wget|nc|ftp|git|pip3?|conda)\b|\/dev\/(tcp|udp)/,
    'reaches other machines',
    'send what it needs in extraFiles',
  ],
  [
    /\b(sudo|su|nohup|setsid|disown|crontab|at|batch|kill(all)?|pkill|chroot|mount)\b|&\s*($|[;)#])/m,
    'outlives the job or leaves its rights',
    'leave it out',
  ],
  [/(^|[\s"'=:])(\.\.|~)(\/|[\s"';]|$)/m, 'leaves the folder of the job', 'name files of the job’s folder alone'],
  [
    /(^|[\s"'=:<>])\/(?!(usr\/)?bin\/|dev\/null\b)/m,
    'names a path outside the folder of the job',
    'name files of the job’s folder alone',
  ],
]

const problemsOf = (script: string): readonly InputProblem[] =>
  script
    .split('\n')
    .map((line) => line.replace(/(^|\s)#.*$/, ''))
    .flatMap((line, index) => {
      const [, what, mend] = FORBIDDEN.find(([pattern]) => pattern.test(line)) ?? []
      return what === undefined || mend === undefined
        ? []
        : [{ path: 'setUp', value: line.trim().slice(0, 100), message: `line ${index + 1} of the set-up script ${what}`, mend }]
    })

/** Runs it in the job's folder with a clean environment, at most two minutes of time, one of processor time and 2 GiB per file; a failure ends the run before the code begins. */
const RUN: Step = {
  program: 'sh',
  args: [
    '-c',
    `ulimit -t 60; ulimit -f 4194304; env -i PATH=/usr/bin:/bin HOME="$PWD" TMPDIR="$PWD" LC_ALL=C timeout 120 sh -eu ${SCRIPT} </dev/null 2>&1 || { status=$?; echo "the set-up script of the job ended with status $status: $(tail -n 1 ${OUTPUT})" >&2; exit 1; }`,
  ],
  stdin: null,
  stdout: OUTPUT,
  parallel: false,
}

/** A code whose jobs may bring a small script that is run once in the job's folder before the code. */
export const withSetUpScript = (writes: CodeWrites): CodeWrites => ({ ...writes, prepare: (task) => prepared(writes, task) })

function prepared(writes: CodeWrites, task: Task): Prepared {
  const { setUp, extraFiles } = task.request
  const answer = writes.prepare(task)
  if (setUp === undefined) return answer
  const taken = extraFiles.findIndex(({ path }) => path === SCRIPT || path === OUTPUT)
  const problems = [
    ...problemsOf(setUp),
    ...(taken < 0
      ? []
      : [
          {
            path: `extraFiles[${taken}].path`,
            message: `"${extraFiles[taken]?.path}" is a name that the platform uses itself`,
            mend: 'choose another name',
          },
        ]),
  ]
  if (!answer.ok || problems.length > 0) return { ok: false, problems: [...(answer.ok ? [] : answer.problems), ...problems] }
  const { preparation } = answer
  return {
    ok: true,
    preparation: {
      ...preparation,
      files: [...preparation.files, { path: SCRIPT, text: `${setUp.trimEnd()}\n` }],
      // before all programs: nothing that they make, POTCAR least of all, is there yet
      steps: [RUN, ...preparation.steps],
      keep: [...preparation.keep, OUTPUT],
    },
  }
}
