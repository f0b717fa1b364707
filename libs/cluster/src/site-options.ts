import type { LinkOptions } from '@crystalmath/ssh'
import type { PseudopotentialReader } from './doctor/pseudopotentials.ts'
import type { FetchTiming } from './fetch.ts'
import type { Owner } from './root.ts'
import type { SiteLoad } from './site-load.ts'

/** How one account of one cluster is reached and worked with. */
export type SiteOptions = {
  /** Path of the private key's file, or its text. */
  readonly key: { readonly file: string } | { readonly text: string }
  /** Pinned beside those of the spec: keys that onboarding took. */
  readonly knownHostKeys?: readonly string[]
  /** Whose root it must be for a claim to be made. */
  readonly owner: Owner
  /** Told of what was coped with. */
  readonly log?: (message: string, fields: Readonly<Record<string, unknown>>) => void
  /** Reads headers of pseudopotentials for the doctor's inventory, by code: the readers live with the codes. */
  readonly readPseudopotential?: PseudopotentialReader
  readonly link?: Omit<LinkOptions, 'load'>
  /** What is done at once and in a minute: as much as we ever want unless told. Closed with the site. */
  readonly load?: SiteLoad
  readonly fetchTiming?: Partial<FetchTiming>
}
