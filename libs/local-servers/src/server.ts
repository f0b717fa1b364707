import type { Progress } from './progress.ts'

/** How a server is started. */
export type ServerOptions = {
  /** Its own folder: data, port, log and pid lie in it and outlive it. Made if absent. */
  readonly dir: string
  /** Without it: the port of the last time if it is free, else any free one. */
  readonly port?: number
  /** Hears what takes long: searching, fetching and building of the program. */
  readonly onProgress?: Progress
}

/** A server of this machine, on loopback only, that was awaited until it answers. */
export type LocalServer = {
  readonly url: string
  readonly port: number
  readonly pid: number
  readonly logFile: string
  /** Settles when the process has ended, asked to or not; a supervisor restarts upon it. Never rejects. */
  readonly ended: Promise<{ readonly exitCode: number | null; readonly signal: NodeJS.Signals | null }>
  /** Asks it to stop and awaits its end; data stay. Safe to repeat. */
  stop(): Promise<void>
}
