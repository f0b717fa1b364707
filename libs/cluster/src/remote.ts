import { randomBytes } from 'node:crypto'
import { TransientError } from '@crystalmath/contract'
import type { Question, Said } from '@crystalmath/schedulers'
import { type Answer, quoteAll, type RemoteScript } from '@crystalmath/ssh'
import { readScript } from './read-script.ts'

/** Shorter than a lease: whoever lost it is not at work any more. */
export const TIMEOUT_SECONDS = 58

export const remote = (name: string, args: readonly (string | number)[], timeoutSeconds = TIMEOUT_SECONDS): RemoteScript => ({
  script: readScript(name),
  args: args.map(String),
  timeoutSeconds,
})

/** The answer, if it is whole and the script was content; what it says otherwise is worth another try. */
export function whole(answer: Answer, what: string): Answer {
  if (!answer.complete) throw torn(what, answer)
  if (answer.exitCode === 0) return answer
  const said = (answer.stderr || answer.stdout).trim().slice(0, 500)
  const message = `${what}: exit status ${answer.exitCode}: "${said}"`
  throw new TransientError(message, /No space left|quota exceeded/i.test(said) ? { waitingFor: 'DISK_FULL' } : {})
}

/** The line went dead before the end of the answer. */
export const torn = (what: string, { lost }: Answer): TransientError =>
  new TransientError(`${what}: the answer is torn: ${lost}`, { waitingFor: 'SSH_DOWN' })

type Part = { readonly script: string; readonly args: readonly string[] }

export const asking = ({ argv, timeoutSeconds }: Pick<Question<unknown>, 'argv' | 'timeoutSeconds'>): Part => ({
  script: `timeout ${timeoutSeconds} "$@"`,
  args: argv,
})

export const theClock: Part = { script: 'date +%s.%N', args: [] }

/** Several scripts as one remote command, and what each of them said. */
export function together(parts: readonly Part[], timeoutSeconds = TIMEOUT_SECONDS) {
  const marker = `part-${randomBytes(12).toString('hex')}`
  const script = [
    `cm_mark() { printf '\\n${marker} %s\\n' "$1"; printf '\\n${marker} %s\\n' "$1" >&2; }`,
    ...parts.flatMap(({ script, args }, index) => [
      `cm_part_${index}() {\n${script}\n}`,
      `cm_mark begin`,
      `(cm_part_${index} ${quoteAll(args)})`,
      'cm_mark $?',
    ]),
  ].join('\n')
  const cut = (text: string) => text.split(new RegExp(`\\n${marker} (begin|\\d+)\\n`))
  return {
    remote: { script, args: [], timeoutSeconds } satisfies RemoteScript,
    /** One per part; torn where its end is missing. */
    read(answer: Answer): readonly Said[] {
      const out = cut(answer.stdout)
      const err = cut(answer.stderr)
      return parts.map((_, index) => {
        const code = out[4 * index + 3]
        const complete = /^\d+$/.test(code ?? '') && /^\d+$/.test(err[4 * index + 3] ?? '')
        return {
          stdout: out[4 * index + 2] ?? '',
          stderr: err[4 * index + 2] ?? answer.lost ?? '',
          exitCode: complete ? Number(code) : null,
          complete,
        }
      })
    },
  }
}

/** Seconds since the epoch of `date +%s.%N`; null for anything else. */
export function clockOf(said: Said): number | null {
  const [, seconds] = /^(\d{9,}(?:\.\d+)?)/.exec(said.stdout.trim()) ?? []
  return seconds === undefined ? null : Number(seconds)
}
