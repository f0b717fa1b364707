const UNITS: Readonly<Record<string, number>> = { d: 86_400, h: 3_600, m: 60, s: 1 }

/** `01h-54m-31s`, `25m-58s`, `01s` in seconds; null for `--` and anything else. */
export function secondsOf(text: string): number | null {
  const parts = text.trim().split('-')
  let seconds = 0
  for (const part of parts) {
    const [, number, unit] = /^(\d+(?:\.\d+)?)([dhms])$/.exec(part.trim()) ?? []
    if (number === undefined || unit === undefined) return null
    seconds += Number(number) * (UNITS[unit] ?? 0)
  }
  return seconds
}
