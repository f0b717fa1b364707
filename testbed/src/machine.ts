import { constants, existsSync } from 'node:fs'
import { access } from 'node:fs/promises'
import { delimiter } from 'node:path'
import { environment } from './config.ts'

/** Program → Debian package. */
const PROGRAMS = {
  munged: 'munge',
  slurmctld: 'slurmctld',
  slurmd: 'slurmd',
  squeue: 'slurm-client',
  sshd: 'openssh-server',
  useradd: 'passwd',
} as const
const ACCOUNTING_PROGRAMS = { slurmdbd: 'slurmdbd', mariadbd: 'mariadb-server', 'mariadb-install-db': 'mariadb-server' } as const

/** Debian packages that this machine lacks for a site, so that a test can say why it is skipped. */
export function missingPackages(accounting = true): readonly string[] {
  const wanted = Object.entries(accounting ? { ...PROGRAMS, ...ACCOUNTING_PROGRAMS } : PROGRAMS)
  const folders = [...(environment()['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin']
  return [
    ...new Set(
      wanted.filter(([program]) => !folders.some((folder) => existsSync(`${folder}/${program}`))).map(([, name]) => name),
    ),
  ]
}

/** Throws unless a site can be brought up here: it takes root, for users and for daemons that change theirs. */
export function demandMachine(accounting: boolean): void {
  if (process.getuid?.() !== 0) throw new Error('a test bed needs root: it makes a Unix user and daemons run as several')
  const missing = missingPackages(accounting)
  if (missing.length > 0)
    throw new Error(`a test bed needs packages that are not here: apt-get install --no-install-recommends ${missing.join(' ')}`)
}

/** Whether `memoryLimit: 'cgroup'` works here: cgroup v1 with the memory controller, and the right to make groups. */
export const hasMemoryCgroups = (): Promise<boolean> =>
  access('/sys/fs/cgroup/memory/cgroup.procs', constants.W_OK).then(
    () => true,
    () => false,
  )
