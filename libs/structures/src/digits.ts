/** A number with 12 decimals, no negative zero: enough that reading it back differs by less than 1e-12. */
export const decimals = (value: number, width = 0): string => {
  const text = value.toFixed(12)
  return (/^-0\.0+$/.test(text) ? text.slice(1) : text).padStart(width)
}

export const decimalsRow = (row: readonly number[], width = 19): string => row.map((value) => decimals(value, width)).join(' ')
