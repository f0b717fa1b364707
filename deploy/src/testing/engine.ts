import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { closeSync, existsSync, openSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, rmdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { waitUntil } from '@crystalmath/testing/wait-until'
import { variables } from '../config.ts'

/** A Docker engine for one run of tests. */
export type Engine = {
  /** As DOCKER_HOST; undefined where the one that answers anyhow is used. */
  readonly host: string | undefined
  stop(): Promise<void>
}

/** The process that runs the tests is part of the folder's name. */
const PREFIX = 'crystalmath-engine-'
const CGROUPS = '/sys/fs/cgroup'
const bridgeOf = (pid: number) => `crystal${pid}`
const groupOf = (pid: number) => `crystalmath-engine-${pid}`
const READY_MS = 60_000
const STOP_MS = 60_000

const succeeds = (program: string, words: readonly string[], env = variables()) =>
  spawnSync(program, words, { stdio: 'ignore', timeout: 10_000, env }).status === 0

/** The engine that answers, else one of this run's own: Debian's `dockerd`, as root, in a folder of its own. A sentence where there is none. */
export async function openEngine(): Promise<Engine | string> {
  if (!succeeds('docker', ['--version'])) return 'there is no docker here; apt-get install docker.io'
  if (!succeeds('docker-compose', ['version']) && !succeeds('docker', ['compose', 'version'])) return 'there is no Compose here'
  if (succeeds('docker', ['version'])) return { host: undefined, stop: async () => undefined }
  if (process.getuid?.() !== 0) return 'no Docker engine answers, and only root can start one'
  for (const program of ['dockerd', 'debootstrap', 'ip'])
    if (spawnSync(program, ['--version'], { stdio: 'ignore' }).error !== undefined) return `there is no ${program} here`
  await clearLeftOvers()
  return await startEngine()
}

async function startEngine(): Promise<Engine | string> {
  const folder = await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`))
  const bridge = bridgeOf(process.pid)
  const host = `unix://${join(folder, 'socket')}`
  const log = openSync(join(folder, 'log'), 'a')
  let child: ChildProcess | undefined
  const stop = async () => {
    await end(child)
    await removeTraces(process.pid, folder)
  }
  try {
    execFileSync('ip', ['link', 'add', bridge, 'type', 'bridge'], { stdio: 'pipe' })
    execFileSync('ip', ['addr', 'add', freeRange(), 'dev', bridge], { stdio: 'pipe' })
    execFileSync('ip', ['link', 'set', bridge, 'up'], { stdio: 'pipe' })
    child = spawn('dockerd', words(folder, host, bridge), { stdio: ['ignore', log, log] })
    closeSync(log)
    const started = child
    const isUp = () => succeeds('docker', ['version'], { ...variables(), DOCKER_HOST: host })
    await waitUntil(() => started.exitCode !== null || isUp(), {
      timeoutMs: READY_MS,
      everyMs: 250,
      onTimeout: 'dockerd does not answer',
    })
    if (started.exitCode !== null) throw new Error('dockerd ended')
    return { host, stop }
  } catch (error) {
    const tail = (await readFile(join(folder, 'log'), 'utf8')).trimEnd().split('\n').at(-1) ?? ''
    await stop()
    return `no Docker engine could be started: ${error instanceof Error ? error.message : String(error)} ${tail}`.trimEnd()
  }
}

/** No rule of the machine's packet filter, no setting of its kernel and no bridge but its own is touched; what must reach out takes the host's network. */
const words = (folder: string, host: string, bridge: string): readonly string[] => [
  ...['--data-root', join(folder, 'data'), '--exec-root', join(folder, 'exec'), '--pidfile', join(folder, 'dockerd.pid')],
  ...['--host', host, '--bridge', bridge, '--iptables=false', '--ip6tables=false', '--ip-masq=false', '--ip-forward=false'],
  ...['--cgroup-parent', `/${groupOf(process.pid)}`, '--containerd-namespace', `crystal${process.pid}`],
  ...['--containerd-plugins-namespace', `crystal${process.pid}-plugins`],
]

function freeRange(): string {
  const routes = execFileSync('ip', ['-4', 'route'], { encoding: 'utf8' })
  for (let third = 201; third < 255; third += 1) if (!routes.includes(`10.213.${third}.`)) return `10.213.${third}.1/24`
  throw new Error('no address range is free for a bridge')
}

async function end(child: ChildProcess | undefined): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((done) => child.once('exit', done))
  child.kill('SIGTERM')
  const kill = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
  await ended
  clearTimeout(kill)
}

/** Stops the engines of runs that were killed, and removes their folders. */
async function clearLeftOvers(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const [, pid] = new RegExp(`^${PREFIX}(\\d+)-`).exec(name) ?? []
    if (pid === undefined || existsSync(`/proc/${pid}`)) continue
    const folder = join(tmpdir(), name)
    const left = (await readFile(join(folder, 'dockerd.pid'), 'utf8').catch(() => '')).trim()
    const command = left === '' ? '' : await readFile(`/proc/${left}/cmdline`, 'utf8').catch(() => '')
    if (command.includes(folder)) {
      process.kill(Number(left), 'SIGTERM')
      await waitUntil(() => !existsSync(`/proc/${left}`), { timeoutMs: STOP_MS, everyMs: 100 })
    }
    await removeTraces(Number(pid), folder)
  }
}

/** What an engine leaves: its bridge, its group of each controller, mounts of name spaces and of containers in its folder, and that. */
async function removeTraces(pid: number, folder: string): Promise<void> {
  spawnSync('ip', ['link', 'del', bridgeOf(pid)], { stdio: 'ignore' })
  for (const name of ['', ...(await readdir(CGROUPS).catch((): string[] => []))])
    await rmdir(join(CGROUPS, name, groupOf(pid))).catch(() => undefined)
  const mounted = (await readFile('/proc/self/mounts', 'utf8')).split('\n').map((line) => line.split(' ')[1] ?? '')
  for (const place of mounted.filter((one) => one.startsWith(`${folder}/`)).toReversed())
    spawnSync('umount', ['--lazy', place], { stdio: 'ignore' })
  await rm(folder, { recursive: true, force: true })
}
