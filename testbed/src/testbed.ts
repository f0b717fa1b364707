import { readFile, rm } from 'node:fs/promises'
import { inspect } from 'node:util'
import { ACCOUNT, fillAccounting, startMariaDb, startSlurmdbd, writeSlurmdbdConf } from './accounting.ts'
import { file, folder, makeFolders, makeUser } from './folders.ts'
import { demandFree, takeDown } from './left-over.ts'
import { breakLink, healLink, type LinkFault } from './link-fault.ts'
import { demandMachine } from './machine.ts'
import { startMunge } from './munge.ts'
import { type Settings, type SiteOptions, toSettings } from './options.ts'
import { thisProcess } from './owner.ts'
import { type Place, placeOf } from './place.ts'
import { linkPmix } from './pmix.ts'
import { findPorts, type Ports } from './ports.ts'
import { pidIn, processes, signalPid, stopPid } from './processes.ts'
import { type Result, tryRun } from './run.ts'
import { startNode, startNodes, startSlurmctld, untilNodesAreUp } from './slurm.ts'
import { cgroupConf, nodeNames, slurmConf } from './slurm-conf.ts'
import { hostKeyLine, prepareSshd, startSshd } from './sshd.ts'
import { readState, writeState } from './state.ts'
import { type Wrapper, type WrapperBehaviour, wrap } from './wrappers.ts'

/** Pseudopotentials of the distribution's package quantum-espresso-data. */
const PSEUDOPOTENTIALS = '/usr/share/espresso/pseudo'

/** One pretended site that is up: a login node with sshd, Slurm, and Quantum ESPRESSO on its PATH. */
export type Testbed = {
  readonly name: string
  readonly host: '127.0.0.1'
  readonly port: number
  readonly user: string
  readonly account: string
  readonly privateKeyPath: string
  /** `ssh-ed25519 AAAA…`. */
  readonly hostKey: string
  /** Everything of the site lies below it. */
  readonly root: string
  /** The user's home; a root of ours on the cluster lies below it. */
  readonly home: string
  readonly slurmConf: string
  readonly pseudopotentialFolder: string
  /** `log/slurm/slurmctld.log`, `log/slurm/slurmd.c1.log`, `log/sshd.log`, … */
  readonly logs: string
  /** For `ssh -F`; the host is the site's name. */
  readonly sshConfig: string
  /** Runs `scontrol`, `sacctmgr`, `squeue`, … as root of the site. */
  admin(argv: readonly string[]): Promise<Result>
  /** Runs a shell line as the site's user through its sshd, as a person would. */
  login(command: string, stdin?: string): Promise<Result>
  /** Stops and starts one daemon. A start waits until it answers. */
  stop(daemon: Daemon): Promise<void>
  start(daemon: Daemon): Promise<void>
  /** Stops slurmctld, forgets its state (queue and job numbers) and starts it again: ids begin at 1. */
  loseState(): Promise<void>
  /** Kills a node's slurmd and all its steps at once, as a power cut does. `c1`, `c2`, … */
  killNode(node: string, options?: { readonly jobsGoOn?: boolean }): Promise<void>
  startNode(node: string): Promise<void>
  /** Counts, delays or breaks a scheduler command of the login node. */
  wrap(command: string, behaviour?: WrapperBehaviour): Promise<Wrapper>
  /** Breaks the way to sshd, open connections too. Needs nftables. */
  breakLink(fault: LinkFault): Promise<void>
  healLink(): Promise<void>
  /** Takes all of it down and leaves nothing behind. */
  down(): Promise<void>
}

export type Daemon = 'slurmctld' | 'slurmdbd' | 'sshd'

/**
 * Brings a site up from nothing, about 4 s with accounting and 1 s without. What a dead process left of one of the same name is removed first.
 * Half a dozen servers of the distribution start here: where one does not, on a busy machine, all of it is tried once more.
 */
export async function bringUp(options: SiteOptions = {}): Promise<Testbed> {
  const settings = toSettings(options)
  demandMachine(settings.accounting)
  await demandFree(settings.name)
  try {
    return await bringUpOnce(settings, options)
  } catch (error) {
    process.stderr.write(`once more: ${inspect(error)}\n`)
    return await bringUpOnce(settings, options)
  }
}

async function bringUpOnce(settings: Settings, options: SiteOptions): Promise<Testbed> {
  const started = performance.now()
  const say = (stage: string) =>
    options.onProgress?.(`${((performance.now() - started) / 1000).toFixed(2).padStart(6)} s  ${stage}`)
  await takeDown(settings.name)
  const place = placeOf(settings.name, options.inMemory)
  const ports = await findPorts(settings.nodes)
  const state = { settings, ports, owner: options.keep ? null : await thisProcess(), isUp: false }
  try {
    await makeFolders(place)
    await writeState(place, state)
    await startAll(place, settings, ports, say)
    await writeState(place, { ...state, isUp: true })
    return await testbedOf(place, settings, ports)
  } catch (cause) {
    const logs = await logTails(place)
    await takeDown(settings.name)
    throw new Error(`site "${settings.name}" did not come up\n${logs}`, { cause })
  }
}

/** The site of this name that is up already, whoever brought it up; null where there is none. */
export async function attach(name: string): Promise<Testbed | null> {
  const place = placeOf(name)
  const state = await readState(place)
  return state?.isUp ? testbedOf(place, state.settings, state.ports) : null
}

async function startAll(place: Place, settings: Settings, ports: Ports, say: (stage: string) => void): Promise<void> {
  await makeUser(place, settings)
  await linkPmix()
  await file(place.slurmConf, slurmConf(place, settings, ports), 'root', 0o644)
  await file(`${place.root}/etc/cgroup.conf`, cgroupConf(settings), 'root', 0o644)
  await Promise.all([
    prepareSshd(place, settings, ports).then(() => startSshd(place, ports)),
    startMunge(place).then(() => say('munged')),
    settings.accounting ? startMariaDb(place).then(() => say('MariaDB')) : undefined,
  ])
  if (settings.accounting) {
    await writeSlurmdbdConf(place, ports)
    await startSlurmdbd(place)
    await fillAccounting(place, settings)
    say('slurmdbd')
  }
  await startSlurmctld(place)
  say('slurmctld')
  await startNodes(place, settings)
  say(`${settings.nodes} nodes, sshd on port ${ports.sshd}`)
}

async function testbedOf(place: Place, settings: Settings, ports: Ports): Promise<Testbed> {
  const env = { SLURM_CONF: place.slurmConf }
  const sshConfig = `${place.root}/ssh/config`
  const start = (daemon: Daemon) => startOne(place, ports, daemon)
  return {
    name: settings.name,
    host: '127.0.0.1',
    port: ports.sshd,
    user: place.user,
    account: ACCOUNT,
    privateKeyPath: place.clientKey,
    hostKey: await hostKeyLine(place),
    root: place.root,
    home: place.home,
    slurmConf: place.slurmConf,
    pseudopotentialFolder: PSEUDOPOTENTIALS,
    logs: place.logs,
    sshConfig,
    admin: (argv) => tryRun(argv, { env }),
    login: (command, stdin) => tryRun(['ssh', '-F', sshConfig, settings.name, command], stdin === undefined ? {} : { stdin }),
    stop: (daemon) => stopOne(place, daemon),
    start,
    loseState: async () => {
      await stopOne(place, 'slurmctld')
      await rm(`${place.root}/state`, { recursive: true, force: true })
      await folder(`${place.root}/state`, 'slurm', 0o755)
      await start('slurmctld')
      await untilNodesAreUp(place, nodeNames(settings.nodes))
    },
    killNode: (node, options) => killNode(place, node, options),
    startNode: async (node) => {
      await startNode(place, node)
      await untilNodesAreUp(place, [node])
    },
    wrap: (command, behaviour) => wrap(place, command, behaviour),
    breakLink: (fault) => breakLink(place, ports, fault),
    healLink: () => healLink(place),
    down: () => takeDown(settings.name),
  }
}

async function startOne(place: Place, ports: Ports, daemon: Daemon): Promise<void> {
  switch (daemon) {
    case 'slurmctld':
      return startSlurmctld(place)
    case 'slurmdbd':
      return startSlurmdbd(place)
    case 'sshd':
      return startSshd(place, ports)
  }
}

/** sshd's open sessions end with it: on a machine that goes down they do. */
async function stopOne(place: Place, daemon: Daemon): Promise<void> {
  const pid = await pidIn(place.pids[daemon])
  if (pid !== null) await stopPid(pid)
  if (daemon !== 'sshd') return
  for (const session of await processes(({ commandLine }) => commandLine.startsWith(`sshd: ${place.user}`)))
    signalPid(session, 'SIGKILL')
}

/** The steps go first: slurmd reports a step whose end it sees. */
async function killNode(place: Place, node: string, { jobsGoOn = false }: { readonly jobsGoOn?: boolean } = {}): Promise<void> {
  const daemon = await pidIn(place.pids.slurmd(node))
  if (daemon !== null) signalPid(daemon, 'SIGKILL')
  const spool = `SLURMD_NODENAME=${node}\0`
  const belongs = async (one: { commandLine: string; environment: () => Promise<string> }) => {
    const text = await one.environment()
    const isStep = one.commandLine.startsWith('slurmstepd')
    return text.includes(place.root) && (isStep || (!jobsGoOn && text.includes(spool)))
  }
  for (const pid of await processes(belongs)) signalPid(pid, 'SIGKILL')
}

async function logTails(place: Place): Promise<string> {
  const names = [
    'log/munged.out',
    'log/mariadbd.out',
    'run/mysql/mysql.err',
    'log/slurmdbd.out',
    'log/slurm/slurmdbd.log',
    'log/slurm/slurmctld.log',
    'log/slurm/slurmd.c1.log',
    'log/sshd.log',
  ]
  const tails = await Promise.all(
    names.map(async (name) => {
      const text = await readFile(`${place.root}/${name}`, 'utf8').catch(() => '')
      return text.trim() === '' ? [] : [`--- ${name}`, ...text.trimEnd().split('\n').slice(-12)]
    }),
  )
  return tails.flat().join('\n')
}
