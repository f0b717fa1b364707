import { readdir, readFile, rename, writeFile } from 'node:fs/promises'
import type { Settings } from './options.ts'
import type { Owner } from './owner.ts'
import { LISTING, type Place } from './place.ts'
import type { Ports } from './ports.ts'

/** What another process must know to use a site or to take it down. */
export type State = {
  readonly settings: Settings
  readonly ports: Ports
  /** Null for a site that outlives its process, as one of the command line. */
  readonly owner: Owner | null
  /** False while it comes up. */
  readonly isUp: boolean
}

/** Kept in the site's folder, whole or not at all. */
export async function writeState(place: Place, state: State): Promise<void> {
  await writeFile(`${place.state}.new`, JSON.stringify(state, null, 2))
  await rename(`${place.state}.new`, place.state)
}

/** Null where there is no such site. */
export async function readState(place: Place): Promise<State | null> {
  const text = await readFile(place.state, 'utf8').catch(() => null)
  // our own file, replaced whole: written by `writeState` of this or of an earlier run
  return text === null ? null : (JSON.parse(text) as State)
}

/** Names of the sites that this checkout has up, or left behind. */
export const siteNames = async (): Promise<readonly string[]> => (await readdir(LISTING).catch((): string[] => [])).sort()
