import { rm } from 'node:fs/promises'
import type { Settings } from './options.ts'
import type { Place } from './place.ts'
import { run, startDaemon, tryRun, until } from './run.ts'
import { nodeNames } from './slurm-conf.ts'

/** Starts slurmctld and waits until it answers. */
export async function startSlurmctld(place: Place): Promise<void> {
  await rm(place.pids.slurmctld, { force: true })
  await startDaemon(['slurmctld', '-f', place.slurmConf], `${place.logs}/slurmctld.out`, { env: { SLURM_CONF: place.slurmConf } })
  const ping = async () => (await run(['scontrol', 'ping'], { env: { SLURM_CONF: place.slurmConf } })).includes('is UP')
  await until('slurmctld answers', ping)
}

/** Starts the slurmd of one pretended node. */
export async function startNode(place: Place, node: string): Promise<void> {
  await rm(place.pids.slurmd(node), { force: true })
  await startDaemon(['slurmd', '-N', node, '-f', place.slurmConf], `${place.logs}/slurmd.${node}.out`, {
    env: { SLURM_CONF: place.slurmConf },
  })
}

/** Starts all nodes and waits until all take jobs. */
export async function startNodes(place: Place, settings: Settings): Promise<void> {
  const names = nodeNames(settings.nodes)
  await Promise.all(names.map((node) => startNode(place, node)))
  await untilNodesAreUp(place, names)
}

/** Waits until these nodes take jobs. */
export async function untilNodesAreUp(place: Place, names: readonly string[]): Promise<void> {
  const sinfo = ['sinfo', '-h', '-N', '-t', 'idle,mix,alloc', '--responding', '-o', '%N']
  await until(`the nodes ${names.join(', ')} take jobs`, async () => {
    const { stdout } = await tryRun(sinfo, { env: { SLURM_CONF: place.slurmConf } })
    const up = new Set(stdout.split('\n'))
    return names.every((name) => up.has(name))
  })
}
