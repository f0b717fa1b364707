import { readdir, rm, rmdir } from 'node:fs/promises'
import { healLink } from './link-fault.ts'
import { isWithin, lives } from './owner.ts'
import { LISTING, type Place, placeOf, rootsElsewhere } from './place.ts'
import { unlinkPmix } from './pmix.ts'
import { isAlive, pidIn, processes, signalPid, stopPid } from './processes.ts'
import { run, tryRun, until } from './run.ts'
import { readState, siteNames } from './state.ts'
import { removeUser } from './users.ts'

/** A site as `status` shows it. */
export type SiteStatus = {
  readonly name: string
  readonly root: string
  readonly sshPort: number | null
  readonly daemons: Readonly<Record<string, number | null>>
}

/** The sites of this checkout and the pids of their daemons; null for one that does not run. */
export async function runningSites(): Promise<readonly SiteStatus[]> {
  return Promise.all(
    (await siteNames()).map(async (name) => {
      const place = placeOf(name)
      const state = await readState(place)
      const entries = await Promise.all(
        (await pidFiles(place)).map(async ([daemon, path]) => [daemon, await livingPid(path)] as const),
      )
      return { name, root: place.root, sshPort: state?.ports.sshd ?? null, daemons: Object.fromEntries(entries) }
    }),
  )
}

/** Takes a site down, whole or half up, by this process or a dead one: daemons, jobs, user, folder. Safe to repeat. */
export async function takeDown(name: string): Promise<void> {
  const place = placeOf(name)
  await healLink(place)
  await cancelJobs(place)
  for (const [, path] of await pidFiles(place)) {
    const pid = await livingPid(path)
    if (pid !== null) await stopPid(pid)
  }
  await killStragglers(place)
  await removeUser(place.user)
  await removeCgroups()
  if (place.link !== place.root) await rm(place.link, { recursive: true, force: true })
  await rm(place.root, { recursive: true, force: true, maxRetries: 5 })
  if (!(await anySiteLeft())) await unlinkPmix()
  // the last one takes the listing along
  await rmdir(LISTING).catch(() => {})
}

/** Takes down the sites whose process has died without doing so; those of `parent`'s own processes, too, dead or not. */
export async function takeDownOrphans(parent?: number): Promise<void> {
  for (const name of await siteNames()) {
    const owner = (await readState(placeOf(name)))?.owner
    if (!owner) continue
    if (!(await lives(owner)) || (parent !== undefined && (await isWithin(owner.pid, parent)))) await takeDown(name)
  }
}

/** Throws where a site is somebody else's: of a process that runs, or of the command line. */
export async function demandFree(name: string): Promise<void> {
  const state = await readState(placeOf(name))
  if (state === null) return
  const { owner } = state
  if (owner === null)
    throw new Error(`site "${name}" is up: "npm run testbed -- down --site ${name}" takes it down, or choose another name`)
  if (owner.pid !== process.pid && (await lives(owner))) {
    throw new Error(`site "${name}" is up and in use by process ${owner.pid}; wait for its end, or choose another name`)
  }
}

/** Of this checkout or of another one on this machine. */
const anySiteLeft = async (): Promise<boolean> => (await siteNames()).length > 0 || (await rootsElsewhere()).length > 0

/** In the order in which they are stopped: who talks to whom goes first. */
async function pidFiles({ root, pids }: Place): Promise<readonly (readonly [string, string])[]> {
  const nodes = (await readdir(`${root}/run`).catch(() => [])).filter((name) => /^slurmd\.\w+\.pid$/.test(name)).sort()
  return [
    ['sshd', pids.sshd],
    ...nodes.map((name) => [name.slice(0, -'.pid'.length), `${root}/run/${name}`] as const),
    ['slurmctld', pids.slurmctld],
    ['slurmdbd', pids.slurmdbd],
    ['mariadbd', pids.mariadbd],
    ['munged', pids.munged],
  ]
}

async function livingPid(path: string): Promise<number | null> {
  const pid = await pidIn(path)
  return pid !== null && (await isAlive(pid)) ? pid : null
}

/** Asked only where a controller runs: its absence costs 9 s of waiting. */
async function cancelJobs(place: Place): Promise<void> {
  if ((await livingPid(place.pids.slurmctld)) === null) return
  const env = { SLURM_CONF: place.slurmConf }
  if ((await tryRun(['scancel', '--quiet', '--user', place.user], { env })).exitCode !== 0) return
  const isEmpty = async () => (await run(['squeue', '-h', '-o', '%A'], { env })).trim() === ''
  // what outlives it is killed below
  await until('the queue is empty', isEmpty, 4_000).catch(() => {})
}

/** Everything of the site's user, and every daemon and step that names the site's folder or configuration. */
async function killStragglers(place: Place): Promise<void> {
  const { exitCode, stdout } = await tryRun(['id', '-u', place.user])
  const uid = exitCode === 0 ? Number(stdout) : -1
  const find = () =>
    processes(
      async (one) =>
        one.uid === uid ||
        (isDaemon(one.commandLine) && (mentions(one.commandLine, place) || mentions(await one.environment(), place))),
    )
  await until(`all processes of ${place.user} are gone`, async () => {
    const found = await find()
    for (const pid of found) signalPid(pid, 'SIGKILL')
    return found.length === 0
  })
}

const isDaemon = (commandLine: string): boolean =>
  /slurmstepd|slurmd|slurmctld|slurmdbd|munged|mariadbd|sshd/.test(commandLine.slice(0, 200))
const mentions = (text: string, place: Place): boolean => text.includes(`${place.root}/`)

/** Slurm leaves empty folders in cgroup v1. `rmdir` removes an empty one only, so what another site uses stays. */
async function removeCgroups(): Promise<void> {
  for (const controller of ['memory', 'freezer', 'cpuset', 'devices']) {
    const below = `/sys/fs/cgroup/${controller}`
    const ours = (await readdir(below).catch(() => [])).filter((name) => name.startsWith('slurm_c'))
    for (const name of ours) await tryRun(['find', `${below}/${name}`, '-depth', '-type', 'd', '-exec', 'rmdir', '{}', ';'])
  }
}
