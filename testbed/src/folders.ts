import { appendFile, chmod, chown, mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Settings } from './options.ts'
import type { Place } from './place.ts'
import { addUser, idsOf } from './users.ts'

/** Makes a folder of this owner and mode. */
export async function folder(path: string, owner: string, mode: number): Promise<void> {
  await mkdir(path, { recursive: true })
  await giveTo(path, owner, mode)
}

/** Writes a file of this owner and mode; it is never open to others in between. */
export async function file(path: string, content: string | Uint8Array, owner: string, mode: number): Promise<void> {
  await rm(path, { force: true })
  await writeFile(path, content, { mode: 0o600 })
  await giveTo(path, owner, mode)
}

async function giveTo(path: string, owner: string, mode: number): Promise<void> {
  if (owner !== 'root') {
    const { uid, gid } = await idsOf(owner)
    await chown(path, uid, gid)
  }
  await chmod(path, mode)
}

/** Another process that takes the last of its sites down removes the empty listing, perhaps between the two steps: then once more. */
async function list(root: string, link: string): Promise<void> {
  for (let left = 5; ; left -= 1) {
    await mkdir(dirname(link), { recursive: true })
    await rm(link, { force: true })
    try {
      return await symlink(root, link)
    } catch (error) {
      if (left === 0 || (error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
  }
}

/** The site's tree. munged demands that every folder above its files is root's or its own, so each daemon has folders of its own below root's. */
export async function makeFolders(place: Place): Promise<void> {
  const { root, link } = place
  await folder(root, 'root', 0o755)
  if (link !== root) await list(root, link)
  for (const name of ['etc', 'run', 'log', 'spool', 'ssh', 'home', 'wrappers']) await folder(`${root}/${name}`, 'root', 0o755)
  await Promise.all([
    folder(`${root}/run/munge`, 'munge', 0o755),
    ...['etc/munge', 'log/munge', 'munge'].map((name) => folder(`${root}/${name}`, 'munge', 0o700)),
    ...['run/slurm', 'log/slurm', 'state'].map((name) => folder(`${root}/${name}`, 'slurm', 0o755)),
  ])
}

/** Ranks that wait do so by spinning, which takes minutes instead of a second where two real cores stand for eight pretended ones. */
const MPI_SETTINGS = 'mpi_yield_when_idle = 1\n'

/** The user of the site, with a home below the site's root. */
export async function makeUser(place: Place, settings: Settings): Promise<void> {
  const { user, home, wrappers } = place
  await addUser(user, home)
  await folder(home, user, 0o700)
  await folder(`${home}/.ssh`, user, 0o700)
  await folder(`${home}/.openmpi`, user, 0o700)
  await file(`${home}/.openmpi/mca-params.conf`, MPI_SETTINGS, user, 0o644)
  const noise = settings.loginNoise === '' ? '' : `printf '%s\\n' ${quote(settings.loginNoise)}\n`
  // both: bash reads one for a login shell and the other under sshd
  for (const name of ['.bashrc', '.bash_profile']) {
    const path = `${home}/${name}`
    await file(path, `export PATH=${wrappers}:/usr/bin:/bin:/usr/sbin:/sbin\n`, user, 0o644)
    await appendFile(path, noise)
  }
}

const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`
