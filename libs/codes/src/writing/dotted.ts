type Container = Readonly<Record<string, unknown>> | readonly unknown[]

const isList = (value: Container): value is readonly unknown[] => Array.isArray(value)

const isContainer = (value: unknown): value is Container => typeof value === 'object' && value !== null

const memberOf = (container: Container, name: string): unknown =>
  Object.hasOwn(container, name) ? (container as Readonly<Record<string, unknown>>)[name] : undefined

/** The value at a dotted path, `electrons.mixing_beta` or `steps.0.kMesh`; undefined where there is none. */
export function valueAt(parameters: Container, path: string): unknown {
  let value: unknown = parameters
  for (const name of path.split('.')) value = isContainer(value) ? memberOf(value, name) : undefined
  return value
}

/** A copy with one value set at a dotted path; what is neither object nor list on the way is replaced by an object. */
export const withValueAt = (
  parameters: Readonly<Record<string, unknown>>,
  path: string,
  value: unknown,
): Readonly<Record<string, unknown>> => changed(parameters, path.split('.'), value) as Readonly<Record<string, unknown>>

function changed(container: Container, [name = '', ...rest]: readonly string[], value: unknown): Container {
  const below = memberOf(container, name)
  const next = rest.length === 0 ? value : changed(isContainer(below) ? below : {}, rest, value)
  if (isList(container)) return container.map((one, index) => (String(index) === name ? next : one))
  return { ...container, [name]: next }
}
