/** A value as a Fortran namelist takes it. Reals get a `d` exponent; quotes inside texts are doubled. */
export function fortranValue(value: string | number | boolean, isReal: boolean): string {
  if (typeof value === 'boolean') return value ? '.true.' : '.false.'
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`
  if (!isReal) return String(value)
  const [mantissa = '', exponent] = String(value).split('e')
  const digits = mantissa.includes('.') ? mantissa : `${mantissa}.0`
  return exponent === undefined ? digits : `${digits}d${Number(exponent)}`
}

/** Å or fractions with 12 decimals, no negative zero. */
export function coordinate(value: number): string {
  const digits = value.toFixed(12)
  return (/^-0\.0+$/.test(digits) ? digits.slice(1) : digits).padStart(18)
}

export const coordinates = (row: readonly number[]): string => row.map(coordinate).join(' ')
