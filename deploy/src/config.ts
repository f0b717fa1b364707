/** A variable that has to be set. */
export function variable(name: string): string {
  const text = process.env[name]
  if (text === undefined || text === '') throw new Error(`${name} is not set`)
  return text
}

/** A variable that may be missing. */
export const optional = (name: string): string | undefined => process.env[name]

/** All of them, to hand on. */
export const variables = (): Readonly<Record<string, string | undefined>> => process.env
