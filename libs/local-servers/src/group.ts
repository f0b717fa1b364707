import type { LocalServer } from './server.ts'

/** Servers that stand in for each other: any one may be killed, and comes again with its data under its address. */
export type ServerGroup = {
  /** Names all of them. */
  readonly url: string
  readonly members: readonly Member[]
  stop(): Promise<void>
}

export type Member = {
  /** As the others call it. */
  readonly name: string
  pid(): number
  /** Starts it again after its end, and awaits that it answers. */
  restart(): Promise<void>
}

type Start = { readonly name: string; readonly start: () => Promise<LocalServer> }

/** Starts all at once; when one does not come, the others are stopped again. */
export async function openGroup(
  starts: readonly Start[],
  urlOf: (servers: readonly LocalServer[]) => string,
): Promise<ServerGroup> {
  const started = await Promise.allSettled(starts.map(({ start }) => start()))
  const servers = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  const stop = async () => void (await Promise.all(servers.map((server) => server.stop())))
  const failed = started.find((one) => one.status === 'rejected')
  if (failed !== undefined) {
    await stop()
    throw failed.reason
  }
  const members = starts.map(({ name, start }, i) => ({
    name,
    pid: () => servers[i]?.pid ?? 0,
    restart: async () => {
      await servers[i]?.ended
      servers[i] = await start()
    },
  }))
  return { url: urlOf(servers), members, stop }
}
