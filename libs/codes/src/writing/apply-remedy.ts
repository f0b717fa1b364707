import type { Resources } from '@crystalmath/contract'
import type { Remedy } from '../code-writes.ts'
import { valueAt, withValueAt } from './dotted.ts'
import { withoutRestart } from './restart-mode.ts'

/** One setting that a remedy changed. `from` is undefined where nothing was set before. */
export type Change = { readonly path: string; readonly from: unknown; readonly to: unknown }

export type Remedied = {
  readonly parameters: Readonly<Record<string, unknown>>
  readonly resources: Resources
  /** Empty where the remedy changes nothing: it then only begins again, from what `restartFrom` says. */
  readonly changes: readonly Change[]
  /** Paths to scale that have neither a value nor a default: the remedy does not help there. */
  readonly notApplied: readonly string[]
}

export type RemedyBounds = {
  /** What the code takes where a parameter is absent: `{ 'electrons.mixing_beta': 0.7 }`. */
  readonly defaults?: Readonly<Record<string, number>>
  /** Upper bounds, as of a partition: `{ 'resources.walltimeSeconds': 86400 }`. */
  readonly ceilings?: Readonly<Record<string, number>>
}

/** Parameters and resources with a remedy's changes; the given ones stay as they are. What an earlier attempt began from is forgotten: a restart plan sets it anew. Resources lie below `resources.` and are whole numbers. */
export function applyRemedy(
  parameters: Readonly<Record<string, unknown>>,
  resources: Resources,
  remedy: Remedy,
  { defaults = {}, ceilings = {} }: RemedyBounds = {},
): Remedied {
  let all: Readonly<Record<string, unknown>> = { ...withoutRestart(parameters), resources }
  const changes: Change[] = []
  const notApplied: string[] = []
  const change = (path: string, to: unknown) => {
    const from = valueAt(all, path)
    if (from === to) return
    changes.push({ path, from, to })
    all = withValueAt(all, path, to)
  }
  for (const [path, value] of Object.entries(remedy.set ?? {})) for (const place of placesOf(all, path)) change(place, value)
  for (const [path, factor] of Object.entries(remedy.scale ?? {}))
    for (const place of placesOf(all, path)) {
      const present = valueAt(all, place) ?? defaults[path]
      if (typeof present === 'number')
        change(
          place,
          Math.min(
            Math.max(scaled(present, factor, path.startsWith('resources.')), remedy.least?.[path] ?? Number.NEGATIVE_INFINITY),
            Math.max(present, ceilings[path] ?? Number.POSITIVE_INFINITY),
          ),
        )
      else notApplied.push(place)
    }
  const { resources: changed, ...rest } = all
  return { parameters: rest, resources: changed as Resources, changes, notApplied }
}

/** The path itself, and the same in every step of the job that has a value of its own there: a step's value goes before the job's. */
function placesOf(parameters: Readonly<Record<string, unknown>>, path: string): readonly string[] {
  const { steps } = parameters
  const inSteps = Array.isArray(steps)
    ? steps.flatMap((_, index) => (valueAt(parameters, `steps.${index}.${path}`) === undefined ? [] : [`steps.${index}.${path}`]))
    : []
  return [path, ...inSteps]
}

/** Whole numbers grow to whole numbers, upwards, and resources shrink to whole numbers of at least one; others lose the noise of floating point. */
function scaled(present: number, factor: number, isResource: boolean): number {
  const product = Number((present * factor).toPrecision(12))
  if (isResource && factor < 1) return Math.max(1, Math.floor(product))
  return Number.isInteger(present) && factor > 1 && present >= 1 ? Math.ceil(product) : product
}
