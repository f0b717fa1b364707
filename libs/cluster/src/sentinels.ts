import type { EndSentinel, StartSentinel } from '@crystalmath/contract'

/** A sentinel's lines without their terminator; null if that is missing: the file is still being written, or was torn. */
function closed(lines: readonly string[]): readonly string[] | null {
  const at = lines.lastIndexOf('.')
  return at < 0 ? null : lines.slice(0, at)
}

const wordsOf = (lines: readonly string[]) => {
  const value = (key: string) => lines.find((line) => line.startsWith(`${key} `))?.slice(key.length + 1)
  const seconds = Number(value('at') ?? Number.NaN)
  return { value, owner: value('owner'), host: value('host') ?? '', atSeconds: seconds }
}

/** As job.sh writes it: `owner`, `at`, `host`, and a dot. */
export function readStart(lines: readonly string[]): StartSentinel | null {
  const inside = closed(lines)
  if (inside === null) return null
  const { owner, host, atSeconds } = wordsOf(inside)
  return owner === undefined || !Number.isFinite(atSeconds) ? null : { owner, atSeconds, host }
}

/** As job.sh writes it: also `code`, `cause`, `file SIZE PATH`…, and a dot. */
export function readEnd(lines: readonly string[]): EndSentinel | null {
  const inside = closed(lines)
  if (inside === null) return null
  const { value, owner, host, atSeconds } = wordsOf(inside)
  const exitCode = Number(value('code') ?? Number.NaN)
  if (owner === undefined || !Number.isFinite(atSeconds) || !Number.isInteger(exitCode)) return null
  const sizes = new Map<string, number>()
  for (const line of inside) {
    const [, size, path] = /^file (\d+) (.+)$/.exec(line) ?? []
    if (path !== undefined) sizes.set(path, Number(size))
  }
  const files = [...sizes].map(([path, size]) => ({ path, size }))
  return { owner, atSeconds, host, exitCode, cause: value('cause') ?? 'exit', files }
}
