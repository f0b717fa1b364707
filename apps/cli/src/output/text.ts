import { writeSync } from 'node:fs'

/** `3 d 4 h`, `2 h 5 min`, `42 s`. */
export function formatSpan(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  const [days, hours, minutes] = [Math.floor(whole / 86_400), Math.floor(whole / 3_600) % 24, Math.floor(whole / 60) % 60]
  if (days > 0) return `${days} d ${hours} h`
  if (hours > 0) return `${hours} h ${minutes} min`
  if (minutes > 0) return `${minutes} min ${whole % 60} s`
  return `${whole} s`
}

/** How long ago an ISO time was; `-` for none. */
export const ago = (time: string | null, now: number): string =>
  time === null ? '-' : `${formatSpan((now - Date.parse(time)) / 1_000)} ago`

/** `2026-11-21 09:20:31`, UTC. */
export const formatTime = (time: string | null): string => (time === null ? '-' : time.slice(0, 19).replace('T', ' '))

/** A number for people, `-` where there is none; never more digits than the platform has. */
export const formatNumber = (value: number | null | undefined, digits: number): string =>
  value === null || value === undefined ? '-' : value.toFixed(digits)

export const formatFlag = (value: boolean | null | undefined): string =>
  value === null || value === undefined ? '-' : value ? 'yes' : 'no'

/** `1.2 kB`, powers of 1000. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3))
  return `${(bytes / 1_000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`
}

/** At most so many characters, the cut marked. */
export const cut = (text: string, length: number): string => (text.length <= length ? text : `${text.slice(0, length - 1)}…`)

let stream: NodeJS.WriteStream | null = null

/** Standard output as a stream, for what is long or binary. A reader such as `head` that has seen enough is no fault. */
export function standardOutput(): NodeJS.WriteStream {
  if (stream !== null) return stream
  stream = process.stdout
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0)
    throw error
  })
  return stream
}

/** Writes to standard output at once: to load what its stream is made of takes 4 ms, of the 60 that a small output is read in. */
export function write(text: string): void {
  if (stream !== null) return void stream.write(text)
  const bytes = Buffer.from(text)
  let written = 0
  try {
    while (written < bytes.length) written += writeSync(1, bytes, written)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EPIPE') process.exit(0)
    if (code !== 'EAGAIN') throw Object.assign(error as Error, { path: 'standard output' })
    standardOutput().write(bytes.subarray(written)) // a pipe that somebody set not to wait
  }
}

export const print = (line: string): void => write(`${line}\n`)
export const printJson = (value: unknown): void => print(JSON.stringify(value, null, 2))
/** For programs that read a list line by line. */
export const printJsonLine = (value: unknown): void => print(JSON.stringify(value))
/** Progress and remarks: never on standard output, which belongs to the answer. */
export const remark = (line: string): void => void process.stderr.write(`${line}\n`)
