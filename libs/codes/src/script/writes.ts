import type { InputProblem } from '@crystalmath/contract'
import { formatExtxyz } from '@crystalmath/structures'
import type { CodeWrites, Prepared, Task } from '../code-writes.ts'
import { memberProblems } from '../writing/known-keys.ts'
import { type Check, parameterProblem } from '../writing/problems.ts'

const SCRIPT = 'script.sh'
const OUTPUT = 'script.out'
const STRUCTURE = 'structure.extxyz'
const MOST_CHARACTERS = 1_000_000

const aScript: Check = (value) =>
  typeof value === 'string' && value.trim() !== '' && value.length <= MOST_CHARACTERS && !value.includes('\0')
    ? null
    : `the text of a POSIX shell script, at most ${MOST_CHARACTERS} characters`

/** Globs stay inside the attempt's folder. */
const isGlob = (value: unknown): value is string =>
  typeof value === 'string' && /^[A-Za-z0-9_.+*?[\]-]+(\/[A-Za-z0-9_.+*?[\]-]+)*$/.test(value) && !/(^|\/)\.\.?(\/|$)/.test(value)
const globs: Check = (value) =>
  Array.isArray(value) && value.length <= 100 && value.every(isGlob)
    ? null
    : 'a list of at most 100 file patterns such as "*.dat" or "results/*.json", inside the job’s folder'

/** A user's own shell script, judged by its exit code: `sh script.sh`, not under the launcher; the structure, if any, lies beside it as extended XYZ. */
export const scriptWrites: CodeWrites = {
  code: 'script',
  prepare,
  remedies: Object.fromEntries(
    ['NODE_FAILURE', 'PREEMPTED', 'NEVER_STARTED'].map((kind) => [
      kind,
      [
        {
          name: 'run-again',
          effect: 'none',
          limit: 3,
          restartFrom: 'scratch',
          because: 'nothing of the script was at fault',
        } as const,
      ],
    ]),
  ),
  restart: (_, { attempt }, from) =>
    from === 'scratch'
      ? { fromAttempt: attempt, files: [], set: {}, structure: null, because: 'a script begins anew' }
      : { refused: 'nobody but its author knows what a script could go on from' },
}

function prepare({ request, structure, parameters }: Task): Prepared {
  const { script, keep = [] } = parameters
  const missing =
    script === undefined
      ? [parameterProblem('script', 'a script job needs a script', 'set parameters.script to the text of a shell script')]
      : []
  const problems = [
    ...missing,
    ...memberProblems(parameters, { script: aScript, keep: globs }),
    ...takenNames(request.extraFiles),
  ]
  if (problems.length > 0 || typeof script !== 'string' || !Array.isArray(keep)) return { ok: false, problems }
  const interpreter = /^#![ \t]*(\S+)(?:[ \t]+(\S+))?/.exec(script)
  const isOther = interpreter !== null && !/(^|\/)(sh|dash)$/.test(interpreter[2] ?? interpreter[1] ?? '')
  return {
    ok: true,
    preparation: {
      files: [
        { path: SCRIPT, text: `${script.replace(/\r\n/g, '\n').trimEnd()}\n` },
        ...(structure === null ? [] : [{ path: STRUCTURE, text: formatExtxyz(structure) }]),
        ...request.extraFiles,
      ],
      clusterFiles: [],
      steps: [{ program: 'sh', args: [SCRIPT], stdin: null, stdout: OUTPUT, parallel: false }],
      stopFile: null,
      keep: [...new Set([OUTPUT, ...keep.filter(isGlob)])],
      parse: OUTPUT,
      warnings: isOther ? [`the script is run by sh, not by ${interpreter[0].slice(2).trim()} as its first line says`] : [],
    },
  }
}

const takenNames = (files: Task['request']['extraFiles']): readonly InputProblem[] =>
  files.flatMap(({ path }, index) =>
    [SCRIPT, OUTPUT, STRUCTURE].includes(path)
      ? [
          {
            path: `extraFiles[${index}].path`,
            value: path,
            message: `"${path}" is a name that the platform uses itself`,
            mend: 'choose another name',
          },
        ]
      : [],
  )
