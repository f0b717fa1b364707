import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { PermanentError } from '@crystalmath/contract'
import { freePort, type LocalServer, startMongo, startNats } from '@crystalmath/local-servers'
import { localLogin, readLogin, writeLogin } from '../connection.ts'
import { type Kept, keepAlive } from './child.ts'
import { stopLeftOver, takeFolder } from './instance.ts'
import { SERVICES, type ServiceName } from './services.ts'

export type PlatformOptions = {
  /** Everything of the platform lies in it and outlives it. */
  readonly dataFolder: string
  readonly apiPort?: number | undefined
  readonly replicas?: Partial<Record<ServiceName, number>>
  readonly logLevel?: string
  /** Servers that others keep, as where the platform is hosted; without it, one of each of its own. */
  readonly servers?: { readonly natsUrl: string; readonly mongoUrl: string }
  /** Handed on to the services. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Intervals and graces other than the defaults, as variables of the services. */
  readonly settings?: Readonly<Record<string, string>>
  readonly onProgress?: (line: string) => void
}

/** A whole platform on this machine. */
export type Platform = {
  readonly url: string
  /** Of every gateway; the first is `url`. */
  readonly gateways: readonly string[]
  /** Of the first administrator. */
  readonly token: string
  readonly dataFolder: string
  readonly servers: { readonly nats: Server; readonly mongo: Server }
  readonly services: readonly Kept[]
  /** Gives the services a private key under its file name. */
  addKey(file: string): Promise<string>
  stop(): Promise<void>
}

export type Server = {
  readonly url: string
  pid(): number /** Ends when it is up again after an end unasked. */
  untilUp(): Promise<void>
}

/** Starts NATS, MongoDB and every service, waits until the API is ready, and keeps all of it alive until `stop`. */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const { dataFolder, onProgress = () => undefined } = options
  const folder = (name: string) => join(dataFolder, name)
  for (const name of ['keys', 'logs', 'run']) await mkdir(folder(name), { recursive: true, mode: 0o700 })
  const closers: (() => Promise<void>)[] = [await takeFolder(dataFolder)]
  const stop = async () => {
    for (const close of closers.splice(0).toReversed()) await close()
  }
  try {
    const { natsUrl, mongoUrl } = options.servers ?? {}
    const [nats, mongo] = await Promise.all([
      natsUrl === undefined
        ? keepServer('nats-server', () => startNats({ dir: folder('nats'), onProgress }), closers, onProgress)
        : keptByOthers(natsUrl),
      mongoUrl === undefined
        ? keepServer('mongod', () => startMongo({ dir: folder('mongo'), onProgress }), closers, onProgress)
        : keptByOthers(mongoUrl),
    ])
    const port = options.apiPort ?? (await portOfLastTime(dataFolder)) ?? (await freePort())
    await writeFile(folder('api-port'), `${port}\n`)
    const ports = [port, ...(await Promise.all(Array.from({ length: (options.replicas?.gateway ?? 1) - 1 }, freePort)))]
    const tokenFile = folder('first-token')
    const environment = {
      ...options.environment,
      NATS_URL: nats.url,
      MONGODB_URL: mongo.url,
      CLUSTER_KEYS: folder('keys'),
      LOG_LEVEL: options.logLevel ?? 'info',
      PORT: String(port),
      GATEWAY_FIRST_TOKEN_FILE: tokenFile,
      ...options.settings,
    }
    for (const file of await readdir(folder('run'))) await stopLeftOver(join(folder('run'), file))
    const services = SERVICES.flatMap((service) =>
      Array.from({ length: options.replicas?.[service] ?? 1 }, (_, i) =>
        keepAlive({
          service,
          replica: i + 1,
          environment: service === 'gateway' ? { ...environment, PORT: String(ports[i]) } : environment,
          logFile: join(folder('logs'), `${service}-${i + 1}.log`),
          pidFile: join(folder('run'), `${service}-${i + 1}.pid`),
          onRestart: onProgress,
        }),
      ),
    )
    closers.push(async () => void (await Promise.all(services.map((service) => service.stop()))))
    const gateways = ports.map((one) => `http://127.0.0.1:${one}`)
    const [url = ''] = gateways
    for (const one of gateways) await untilReady(one, folder('logs'))
    const token = await tokenOf(dataFolder, tokenFile)
    await writeLogin(localLogin(dataFolder), { url, token })
    const addKey = async (file: string) => {
      await copyFile(file, join(folder('keys'), basename(file)))
      return basename(file)
    }
    return { url, gateways, token, dataFolder, servers: { nats, mongo }, services, addKey, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function portOfLastTime(dataFolder: string): Promise<number | undefined> {
  const port = Number(await readFile(join(dataFolder, 'api-port'), 'utf8').catch(() => ''))
  return port > 0 ? port : undefined
}

const keptByOthers = (url: string): Server => ({
  url,
  pid: () => {
    throw new PermanentError(`the server at ${url} is no process of this platform`)
  },
  untilUp: () => Promise.resolve(),
})

/** Starts a server and starts it again whenever it ends unasked; its port stays. */
async function keepServer(
  name: string,
  start: () => Promise<LocalServer>,
  closers: (() => Promise<void>)[],
  onProgress: (line: string) => void,
): Promise<Server> {
  let stopping = false
  let server = await start()
  let up = Promise.resolve()
  const { url } = server
  const follow = (present: LocalServer) => {
    void present.ended.then(async ({ exitCode, signal }) => {
      if (stopping) return
      onProgress(`${name} ended with ${signal ?? `exit status ${exitCode}`}; started again`)
      up = again()
      await up
    })
  }
  const again = async () => {
    for (let pause = 200; !stopping; pause = Math.min(pause * 2, 5_000)) {
      try {
        server = await start()
        follow(server)
        return
      } catch (error) {
        onProgress(`${name} does not start: ${error instanceof Error ? error.message : String(error)}`)
        await new Promise((resolve) => setTimeout(resolve, pause))
      }
    }
  }
  follow(server)
  closers.push(async () => {
    stopping = true
    await up
    await server.stop()
  })
  return { url, pid: () => server.pid, untilUp: () => up }
}

const READY_MS = 60_000

async function untilReady(url: string, logs: string): Promise<void> {
  const deadline = performance.now() + READY_MS
  for (;;) {
    const answer = await fetch(`${url}/readyz`).catch(() => null)
    if (answer?.ok === true) return
    if (performance.now() > deadline) {
      const tail = (await readFile(join(logs, 'gateway-1.log'), 'utf8').catch(() => ''))
        .trimEnd()
        .split('\n')
        .slice(-5)
        .join('\n')
      throw new PermanentError(`the gateway is not ready after ${READY_MS / 1_000} s; the end of its log:\n${tail}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

/** The gateway writes the first token once; later starts remember it. */
async function tokenOf(dataFolder: string, file: string): Promise<string> {
  const fresh = (await readFile(file, 'utf8').catch(() => '')).trim()
  const known = fresh !== '' ? fresh : (await readLogin(localLogin(dataFolder)))?.token
  if (known === undefined)
    throw new PermanentError(`no token of the platform in ${dataFolder} is known: use the one that an administrator made`)
  return known
}
