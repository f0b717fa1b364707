import { homedir } from 'node:os'
import { join } from 'node:path'

/** What this package takes from the environment. Read at every call, so that a caller may set it first. */
export const config = {
  /** A nats-server to use instead of searching. */
  natsServer: () => process.env['CRYSTALMATH_NATS_SERVER'],
  /** A mongod to use instead of searching. */
  mongod: () => process.env['CRYSTALMATH_MONGOD'],
  /** Folders in which programs are searched. */
  path: () => (process.env['PATH'] ?? '').split(':').filter((folder) => folder.length > 0),
  /** Handed on to the tools that fetch. */
  environment: () => process.env,
  /** Where programs that were fetched are kept: `$XDG_CACHE_HOME/crystalmath`, else `~/.cache/crystalmath`. */
  cache: () => join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'crystalmath'),
}

/** How long a server may take to be ready before its start counts as failed. mongod on a busy disk took 9 s. */
export const READY_TIMEOUT_MS = 60_000

/** How long a server may take to stop after SIGTERM before it is killed. */
export const STOP_TIMEOUT_MS = 30_000

/** Memory of mongod's cache, GiB: half of a small machine's memory is mongod's own, greedy, default. */
export const MONGO_CACHE_GIBIBYTES = 0.5
