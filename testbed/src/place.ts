import { createHash } from 'node:crypto'
import { existsSync, realpathSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'

const CHECKOUT = realpathSync(resolve(import.meta.dirname, '../..'))
/** Tells the test beds of two checkouts on one machine apart. */
const CHECKOUT_MARK = createHash('sha256').update(CHECKOUT).digest('hex').slice(0, 4)
const MEMORY = '/dev/shm'
const PREFIX = 'crystalmath-'

/** Where the test beds of this checkout are listed: a folder, or a link to one in memory, for each site. */
export const LISTING = join(CHECKOUT, '.testbed')

/** Every path and name of one site, from its name alone. */
export type Place = ReturnType<typeof placeOf>

/** The paths of a site. The daemons see `root`: short, since a socket's path may have 107 characters, and in memory where there is /dev/shm. */
export function placeOf(name: string) {
  const link = join(LISTING, name)
  const root = existsSync(MEMORY) ? `${MEMORY}/${PREFIX}${CHECKOUT_MARK}-${name}` : link
  const user = `crystalmath-test-${CHECKOUT_MARK}-${name}`
  const home = `${root}/home/${user}`
  return {
    ...{ name, link, root, user, home },
    state: `${root}/testbed.json`,
    mungeSocket: `${root}/run/munge/munge.socket`,
    mysqlSocket: `${root}/run/mysql/mysql.sock`,
    slurmConf: `${root}/etc/slurm.conf`,
    logs: `${root}/log`,
    wrappers: `${root}/wrappers`,
    hostKey: `${root}/ssh/host_ed25519`,
    clientKey: `${root}/ssh/client_ed25519`,
    pids: {
      munged: `${root}/run/munge/munged.pid`,
      mariadbd: `${root}/run/mysql/mysql.pid`,
      slurmdbd: `${root}/run/slurm/slurmdbd.pid`,
      slurmctld: `${root}/run/slurm/slurmctld.pid`,
      slurmd: (node: string) => `${root}/run/slurmd.${node}.pid`,
      sshd: `${root}/run/sshd.pid`,
    },
  }
}

/** Sites in memory, of every checkout on this machine. */
export const rootsInMemory = async (): Promise<readonly string[]> =>
  (await readdir(MEMORY).catch(() => [])).filter((name) => name.startsWith(PREFIX))
