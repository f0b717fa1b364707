/** A time of the platform as the reader's own, to the second. */
export const time = (iso: string | null): string | null =>
  iso === null ? null : new Date(iso).toLocaleString(undefined, { hour12: false })

/** With a fixed number of decimals; what is absent is a dash. */
export const fixed = (value: number | null | undefined, decimals: number): string =>
  value === null || value === undefined ? '–' : value.toFixed(decimals)

/** `1 h 02 min`, `3.4 s`. */
export function duration(seconds: number | null | undefined): string | null {
  if (seconds === null || seconds === undefined) return null
  if (seconds < 60) return `${seconds.toFixed(1)} s`
  const minutes = Math.floor(seconds / 60)
  return minutes < 60
    ? `${minutes} min ${String(Math.floor(seconds % 60)).padStart(2, '0')} s`
    : `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`
}

export const withUnit = (value: number | null | undefined, decimals: number, unit: string): string | null =>
  value === null || value === undefined ? null : `${value.toFixed(decimals)} ${unit}`

export const yesNo = (value: boolean | null | undefined): string | null =>
  value === null || value === undefined ? null : value ? 'yes' : 'no'

/** A size in the unit that leaves one to four digits. */
export function bytes(count: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  const power = Math.min(units.length - 1, count < 1 ? 0 : Math.floor(Math.log2(count) / 10))
  return `${power === 0 ? count : (count / 1024 ** power).toFixed(1)} ${units[power]}`
}
