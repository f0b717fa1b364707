import { spawn } from 'node:child_process'
import { open, rm } from 'node:fs/promises'
import { environment } from './config.ts'
import { file, folder } from './folders.ts'
import type { Settings } from './options.ts'
import type { Place } from './place.ts'
import type { Ports } from './ports.ts'
import { run, startDaemon, tryRun, until } from './run.ts'
import { needsLimits } from './slurm-conf.ts'

/** The account of the site's user. */
export const ACCOUNT = 'proj'

/** Makes the database and starts MariaDB: no network, a socket of its own. */
export async function startMariaDb(place: Place): Promise<void> {
  const { root, mysqlSocket } = place
  const defaults = `${root}/etc/my.cnf`
  await folder(`${root}/run/mysql`, 'mysql', 0o755)
  await folder(`${root}/mysql`, 'mysql', 0o700)
  await file(defaults, myCnf(place), 'root', 0o644)
  await run([
    'mariadb-install-db',
    `--defaults-file=${defaults}`,
    '--user=mysql',
    '--auth-root-authentication-method=socket',
    '--skip-test-db',
  ])
  await startMariaDbProcess(place)
  const client = ['mariadb', '--no-defaults', `--socket=${mysqlSocket}`, '-e']
  await run([
    ...client,
    `create database slurm_acct_db; create user slurm@localhost identified by '${STORAGE_PASSWORD}'; grant all on slurm_acct_db.* to slurm@localhost`,
  ])
}

/** Reached by a socket of this machine only, for as long as the site lives. */
const STORAGE_PASSWORD = 'slurmtest'

async function startMariaDbProcess(place: Place): Promise<void> {
  const log = await open(`${place.logs}/mariadbd.out`, 'a')
  // it does not go to the background by itself
  spawn('mariadbd', [`--defaults-file=${place.root}/etc/my.cnf`], {
    stdio: ['ignore', log.fd, log.fd],
    cwd: '/',
    detached: true,
    env: environment(),
  }).unref()
  await log.close()
  const ping = ['mariadb-admin', '--no-defaults', `--socket=${place.mysqlSocket}`, 'ping']
  await until('MariaDB answers', async () => (await tryRun(ping)).exitCode === 0)
}

const myCnf = ({ root, mysqlSocket, pids }: Place) => `[mysqld]
user=mysql
datadir=${root}/mysql
socket=${mysqlSocket}
pid-file=${pids.mariadbd}
log-error=${root}/run/mysql/mysql.err
skip-networking
# io_uring is refused, or ends the server, on some kernels and in some containers
innodb_use_native_aio=0
innodb_buffer_pool_size=64M
innodb_log_file_size=32M
innodb_lock_wait_timeout=900
innodb_flush_log_at_trx_commit=2
`

/** Writes slurmdbd.conf: beside slurm.conf, mode 600, of SlurmUser, as slurmdbd demands. */
export const writeSlurmdbdConf = (place: Place, ports: Ports): Promise<void> =>
  file(
    `${place.root}/etc/slurmdbd.conf`,
    `AuthType=auth/munge
AuthInfo=socket=${place.mungeSocket}
CommunicationParameters=NoInAddrAny
DbdHost=localhost
DbdAddr=127.0.0.1
DbdPort=${ports.slurmdbd}
SlurmUser=slurm
DebugLevel=info
LogFile=${place.logs}/slurm/slurmdbd.log
PidFile=${place.pids.slurmdbd}
StorageType=accounting_storage/mysql
StorageHost=localhost
StorageUser=slurm
StoragePass=${STORAGE_PASSWORD}
StorageLoc=slurm_acct_db
`,
    'slurm',
    0o600,
  )

/** Starts slurmdbd and waits until it answers; slurmctld without any saved state dies otherwise. */
export async function startSlurmdbd(place: Place): Promise<void> {
  await rm(place.pids.slurmdbd, { force: true })
  const env = { SLURM_CONF: place.slurmConf, MYSQL_UNIX_PORT: place.mysqlSocket }
  await startDaemon(['slurmdbd'], `${place.logs}/slurmdbd.out`, { env })
  await until('slurmdbd answers', async () => (await tryRun(['sacctmgr', '-n', 'show', 'cluster'], { env })).exitCode === 0)
}

/** Cluster, account, user, QOS and limits. */
export async function fillAccounting(place: Place, settings: Settings): Promise<void> {
  const sacctmgr = (...words: readonly string[]) => run(['sacctmgr', '-iQ', ...words], { env: { SLURM_CONF: place.slurmConf } })
  await sacctmgr('add', 'cluster', settings.name)
  await sacctmgr('add', 'account', ACCOUNT)
  await sacctmgr('add', 'user', place.user, `Account=${ACCOUNT}`)
  if (settings.preemption) {
    await sacctmgr('add', 'qos', 'low', 'Priority=10')
    await sacctmgr('add', 'qos', 'high', 'Priority=1000', 'Preempt=low', `PreemptMode=${settings.preemption}`)
    await sacctmgr('modify', 'user', place.user, 'set', 'qos=normal,low,high')
  }
  if (!needsLimits(settings)) return
  const limits = [
    ...(settings.maxSubmitJobs === null ? [] : [`MaxSubmitJobs=${settings.maxSubmitJobs}`]),
    ...(settings.maxRunningJobs === null ? [] : [`MaxJobs=${settings.maxRunningJobs}`]),
  ]
  if (limits.length > 0) await sacctmgr('modify', 'user', place.user, 'set', ...limits)
}
