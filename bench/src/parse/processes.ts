import { type CliTimes, runCli } from './child.ts'
import { type PeerRun, runPeer } from './peers.ts'

/** Whole processes are measured so often, in turns: what else the machine does meets all of them. The best of each counts. */
const ROUNDS = 8

/** Of a process that reads once. */
export type PeerProcess = { readonly processSeconds: number; readonly rssMebibytes: number }

/** The command line by its real path, and peers that are known to read the file, each as a process that reads it once. */
export async function measureProcesses<Peer extends PeerRun>(
  { path, full }: { readonly path: string; readonly full: boolean },
  peers: readonly Peer[],
): Promise<{ readonly ours: CliTimes; readonly peers: readonly (Peer & PeerProcess)[] }> {
  const ours: CliTimes[] = []
  const others = peers.map((peer) => ({ peer, runs: [] as PeerProcess[] }))
  for (let left = ROUNDS; left > 0; left -= 1) {
    ours.push(await runCli(path, full))
    for (const { peer, runs } of others) runs.push(once(peer))
  }
  return {
    ours: {
      firstSeconds: Math.min(...ours.map((one) => one.firstSeconds)),
      processSeconds: Math.min(...ours.map((one) => one.processSeconds)),
    },
    peers: others.map(({ peer, runs }) => ({
      ...peer,
      processSeconds: Math.min(...runs.map((run) => run.processSeconds)),
      rssMebibytes: Math.min(...runs.map((run) => run.rssMebibytes)),
    })),
  }
}

function once(peer: PeerRun): PeerProcess {
  const began = performance.now()
  const said = runPeer(peer, 1, () => undefined)
  return { processSeconds: (performance.now() - began) / 1_000, rssMebibytes: said?.rssMebibytes ?? Number.NaN }
}
