import { randomBytes } from 'node:crypto'
import { quoteAll } from './quote.ts'

/** A POSIX shell script with its arguments. `timeoutSeconds` holds on the cluster, by `timeout`; a little more here. */
export type RemoteScript = { readonly script: string; readonly args: readonly string[]; readonly timeoutSeconds: number }

export const newMarker = (): string => `crystalmath-${randomBytes(12).toString('hex')}`

/** Says on both streams, in the marker's words, where the answer begins and ends: what a login shell prints around it is nobody's answer. */
const says = (marker: string, word: string) => `printf '\\n%s ${word}\\n' ${marker}; printf '\\n%s ${word}\\n' ${marker} >&2`

/** What goes to `sh -s`: a function, so that a shell runs nothing of a text that arrived in part. `stdin` is left open for a script that reads it. */
export const framed = (
  { script, args }: Pick<RemoteScript, 'script' | 'args'>,
  marker: string,
  stdin: 'open' | 'closed',
): string =>
  [
    `cm_main() {\n${script}\n}`,
    `set -- ${quoteAll(args)}`,
    says(marker, 'begin'),
    stdin === 'closed' ? '(cm_main "$@") </dev/null' : '(cm_main "$@")',
    'cm_code=$?',
    `printf '\\n%s end %s\\n' ${marker} "$cm_code"; printf '\\n%s end %s\\n' ${marker} "$cm_code" >&2`,
    'exit 0\n',
  ].join('\n')

/** The line that a login shell of any kind runs; the script itself comes on its stdin. */
export const shellLine = (timeoutSeconds: number | null): string =>
  timeoutSeconds === null ? 'exec env LC_ALL=C sh -s' : `exec env LC_ALL=C timeout -k 5 ${Math.ceil(timeoutSeconds)} sh -s`

/** As `framed`, on one line and with the stdin left to the script: for what is sent to it. The login shell reads the line,
 * so the script may hold no line break, no single quote and no `!`, which C shells read in their own way. */
export function framedLine({ script, args, timeoutSeconds }: RemoteScript, marker: string): string {
  for (const text of [script, ...args]) {
    if (/[\n'!]/.test(text)) throw new TypeError(`not for a line of any shell: ${JSON.stringify(text.slice(0, 80))}`)
  }
  const says = (word: string) => `printf "\\n%s ${word}\\n" ${marker}; printf "\\n%s ${word}\\n" ${marker} >&2`
  const whole = `${says('begin')}; (${script}); code=$?; printf "\\n%s end %s\\n" ${marker} $code; printf "\\n%s end %s\\n" ${marker} $code >&2`
  return `exec env LC_ALL=C timeout -k 5 ${Math.ceil(timeoutSeconds)} sh -c '${whole}' sh ${quoteAll(args)}`
}

/** How many of the last bytes may be the first ones of the marker. */
function overlap(bytes: Buffer, marker: Buffer): number {
  for (let length = Math.min(bytes.length, marker.length - 1); length > 0; length -= 1) {
    if (bytes.subarray(bytes.length - length).equals(marker.subarray(0, length))) return length
  }
  return 0
}

export type Unframer = {
  /** Bytes of the answer that this chunk makes certain. */
  push(chunk: Buffer): Buffer
  /** Null until the end marker was seen. */
  exitCode(): number | null
  begun(): boolean
  /** What came before the answer: the login shell's own words, at most 2 kB. */
  noise(): string
}

/** Takes the frame off one stream, whatever way its bytes were cut. */
export function unframer(marker: string): Unframer {
  const begin = Buffer.from(`\n${marker} begin\n`)
  const end = Buffer.from(`\n${marker} end `)
  let held: Buffer = Buffer.alloc(0)
  let noise = ''
  let state: 'before' | 'inside' | 'tail' | 'over' = 'before'
  let code: number | null = null

  const before = () => {
    const at = Buffer.concat([Buffer.from('\n'), held]).indexOf(begin) // the first byte of all may be the marker's own
    if (at < 0) {
      const loose = Math.max(0, held.length - begin.length)
      noise = (noise + held.subarray(0, loose).toString('utf8')).slice(0, 2_000)
      held = held.subarray(loose)
      return
    }
    noise = (noise + held.subarray(0, Math.max(0, at - 1)).toString('utf8')).slice(0, 2_000)
    held = held.subarray(at + begin.length - 1)
    state = 'inside'
  }
  const inside = (): Buffer => {
    const at = held.indexOf(end)
    const sure = at < 0 ? held.length - overlap(held, end) : at
    const bytes = held.subarray(0, sure)
    held = held.subarray(at < 0 ? sure : at + end.length)
    if (at >= 0) state = 'tail'
    return bytes
  }
  const tail = () => {
    const line = /^(\d{1,3})\n/.exec(held.subarray(0, 8).toString('latin1'))
    if (line === null) return
    code = Number(line[1])
    state = 'over'
  }

  return {
    push(chunk) {
      if (state === 'over') return Buffer.alloc(0)
      held = held.length === 0 ? chunk : Buffer.concat([held, chunk])
      let bytes: Buffer = Buffer.alloc(0)
      if (state === 'before') before()
      if (state === 'inside') bytes = inside()
      if (state === 'tail') tail()
      return bytes
    },
    exitCode: () => code,
    begun: () => state !== 'before',
    noise: () => noise.trim(),
  }
}
