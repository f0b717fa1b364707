import { createHash } from 'node:crypto'
import { existsSync, lstatSync, readlinkSync, realpathSync, statfsSync, statSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'

const CHECKOUT = realpathSync(resolve(import.meta.dirname, '../..'))
/** Tells the test beds of two checkouts on one machine apart. */
const CHECKOUT_MARK = createHash('sha256').update(CHECKOUT).digest('hex').slice(0, 4)
const PREFIX = 'crystalmath-'

/** In memory, where there is room: a container's own /dev/shm has 64 MB, and a site with accounting takes 160. */
const MEMORY = '/dev/shm'
const ROOM_BYTES = 512 * 1024 * 1024
const TEMPORARY = '/tmp'
/** A socket's path may have 107 characters, and our longest is 60 below the site's root. */
const LONGEST_ROOT = 45

/** Where the sites of this checkout are listed: a folder, or a link to one elsewhere, for each. */
export const LISTING = join(CHECKOUT, '.testbed')

/** Every path and name of one site. */
export type Place = ReturnType<typeof placeOf>

/** The paths of a site: of the one that is there, else of the one to be. */
export function placeOf(name: string, inMemory = true) {
  const link = join(LISTING, name)
  const root = existingRoot(link) ?? newRoot(name, link, inMemory)
  const user = `crystalmath-test-${CHECKOUT_MARK}-${name}`
  return {
    ...{ name, link, root, user, home: `${root}/home/${user}` },
    state: `${root}/testbed.json`,
    mungeSocket: `${root}/run/munge/munge.socket`,
    mysqlSocket: `${root}/run/mysql/mysql.sock`,
    slurmConf: `${root}/etc/slurm.conf`,
    logs: `${root}/log`,
    wrappers: `${root}/wrappers`,
    hostKey: `${root}/ssh/host_ed25519`,
    clientKey: `${root}/ssh/client_ed25519`,
    firewallTable: `crystalmath_${CHECKOUT_MARK}_${name}`,
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

/** Sites of every checkout on this machine, where they do not lie in one. */
export async function rootsElsewhere(): Promise<readonly string[]> {
  const names = await Promise.all([MEMORY, TEMPORARY].map((folder) => readdir(folder).catch((): string[] => [])))
  return names.flat().filter((name) => /^crystalmath-[0-9a-f]{4}-[a-z0-9]+$/.test(name))
}

function existingRoot(link: string): string | null {
  const entry = lstatSync(link, { throwIfNoEntry: false })
  if (!entry) return null
  return entry.isSymbolicLink() ? readlinkSync(link) : link
}

/** In memory for speed, else in the checkout, else, where the site's user or the daemons would not accept a folder there, in /tmp. */
function newRoot(name: string, link: string, inMemory: boolean): string {
  const elsewhere = (folder: string) => `${folder}/${PREFIX}${CHECKOUT_MARK}-${name}`
  if (inMemory && existsSync(MEMORY) && freeBytes(MEMORY) > ROOM_BYTES) return elsewhere(MEMORY)
  return link.length <= LONGEST_ROOT && isOpenAndSafe(CHECKOUT) ? link : elsewhere(TEMPORARY)
}

const freeBytes = (folder: string): number => {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}

/** munged demands that nobody but root can change any folder above its files; the site's user must get through them all. */
function isOpenAndSafe(folder: string): boolean {
  const { uid, mode } = statSync(folder)
  const isSticky = (mode & 0o1000) !== 0
  const isOpen = (mode & 0o001) !== 0
  const isSafe = uid === 0 && ((mode & 0o022) === 0 || isSticky)
  return isOpen && isSafe && (folder === '/' || isOpenAndSafe(dirname(folder)))
}
