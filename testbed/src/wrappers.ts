import { readFile, rm } from 'node:fs/promises'
import { file } from './folders.ts'
import type { Place } from './place.ts'

/** What a wrapped scheduler command does besides what it is for. */
export type WrapperBehaviour = {
  /** Waits before the command runs. */
  readonly delaySeconds?: number
  /** Holds the answer back after the command has run, as a busy controller does. */
  readonly holdAnswerSeconds?: number
  /** Ends so, without running the command. */
  readonly failWith?: { readonly exitCode: number; readonly stderr: string }
  /** Only the first so many calls are delayed, held or failed. Default all. */
  readonly times?: number
}

/** One call of a wrapped command. */
export type Call = { readonly atSeconds: number; readonly argv: string }

/** A scheduler command under observation. */
export type Wrapper = {
  /** Calls so far, the first first: of the login node and of jobs, not of `admin`. */
  calls(): Promise<readonly Call[]>
  /** The plain command again. */
  remove(): Promise<void>
}

/** Puts a script of the command's name before it on the PATH of the site's user. */
export async function wrap(place: Place, command: string, behaviour: WrapperBehaviour = {}): Promise<Wrapper> {
  if (!/^[a-z]+$/.test(command)) throw new Error(`a scheduler command is a plain word, not "${command}"`)
  const script = `${place.wrappers}/${command}`
  const log = `${place.home}/.calls.${command}`
  await file(log, '', place.user, 0o644)
  await file(script, wrapperScript(command, log, behaviour), 'root', 0o755)
  return {
    calls: async () => (await readFile(log, 'utf8')).split('\n').filter(Boolean).map(toCall),
    remove: () => rm(script, { force: true }),
  }
}

function toCall(line: string): Call {
  const [seconds = '', ...words] = line.split(' ')
  return { atSeconds: Number(seconds), argv: words.join(' ') }
}

// one write of one line each: calls at the same moment do not mix; its place in the file is its number
function wrapperScript(command: string, log: string, behaviour: WrapperBehaviour): string {
  const { delaySeconds = 0, holdAnswerSeconds = 0, failWith, times = 1_000_000 } = behaviour
  const fail = failWith ? `printf '%s\\n' '${failWith.stderr.replaceAll("'", "'\\''")}' >&2; exit ${failWith.exitCode}` : ':'
  return `#!/bin/sh
echo "$(date +%s.%N) ${command} $(printf %s "$*" | tr '\\n' ' ')" >>${log}
n=$(wc -l <${log})
real=/usr/bin/${command}
[ "$n" -le ${times} ] || exec $real "$@"
sleep ${delaySeconds}
${fail}
[ ${holdAnswerSeconds} != 0 ] || exec $real "$@"
$real "$@"
code=$?
sleep ${holdAnswerSeconds}
exit $code
`
}
