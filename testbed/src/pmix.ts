import { existsSync } from 'node:fs'
import { readdir, readlink, rm, symlink } from 'node:fs/promises'

/** Slurm's PMIx plugin opens `libpmix.so` at a fixed path; Debian has that link in the -dev package only, and MPI under srun fails without it. */
const LIBRARIES = '/usr/lib'
/** Spelled as no package does: so a link of ours is told from another's. */
const TARGET = './libpmix.so.2'

/** Puts the link there where it lacks. */
export async function linkPmix(): Promise<void> {
  for (const folder of await pmixFolders()) {
    const link = `${folder}/libpmix.so`
    if (existsSync(`${folder}/libpmix.so.2`) && !existsSync(link)) await symlink(TARGET, link)
  }
}

/** Takes our link away. */
export async function unlinkPmix(): Promise<void> {
  for (const folder of await pmixFolders()) {
    const link = `${folder}/libpmix.so`
    if ((await readlink(link).catch(() => '')) === TARGET) await rm(link)
  }
}

const pmixFolders = async () =>
  (await readdir(LIBRARIES)).map((name) => `${LIBRARIES}/${name}/pmix2/lib`).filter((folder) => existsSync(folder))
