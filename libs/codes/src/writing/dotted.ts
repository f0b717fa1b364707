import { isRecord } from './problems.ts'

type Parameters = Readonly<Record<string, unknown>>

/** The value at a dotted path, `electrons.mixing_beta`; undefined where there is none. */
export function valueAt(parameters: Parameters, path: string): unknown {
  let value: unknown = parameters
  for (const name of path.split('.')) value = isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined
  return value
}

/** A copy with one value set at a dotted path; what is no object on the way is replaced by one. */
export function withValueAt(parameters: Parameters, path: string, value: unknown): Parameters {
  const [name = '', ...rest] = path.split('.')
  if (rest.length === 0) return { ...parameters, [name]: value }
  const below = Object.hasOwn(parameters, name) ? parameters[name] : undefined
  return { ...parameters, [name]: withValueAt(isRecord(below) ? below : {}, rest.join('.'), value) }
}
