import { createServer } from 'node:net'

/** The ports of one site. */
export type Ports = {
  readonly slurmctld: number
  readonly slurmdbd: number
  readonly sshd: number
  readonly nodes: readonly number[]
}

/** Below the range from which the kernel hands out ports of its own (32768 and up), so that no client sits on one of them at a restart. */
const FIRST = 17_000
const LAST = 31_000

/** Finds a run of free ports on loopback: nodes want theirs to follow one another. They are the site's own for as long as it is there. */
export async function findPorts(nodes: number): Promise<Ports> {
  const count = nodes + 3
  // begins anywhere, so that two sites that start at the same moment do not take the same ones
  const offset = Math.floor(Math.random() * (LAST - FIRST))
  for (let tried = 0; tried < LAST - FIRST; tried += count) {
    const base = FIRST + ((offset + tried) % (LAST - FIRST))
    const wanted = Array.from({ length: count }, (_, index) => base + index)
    if (!(await Promise.all(wanted.map(isFree))).every(Boolean)) continue
    return { slurmctld: base, slurmdbd: base + 1, sshd: base + 2, nodes: wanted.slice(3) }
  }
  throw new Error(`no ${count} free ports in a row between ${FIRST} and ${LAST}`)
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
