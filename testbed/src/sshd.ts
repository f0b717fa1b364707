import { mkdir, readFile, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { file } from './folders.ts'
import type { Settings } from './options.ts'
import type { Place } from './place.ts'
import type { Ports } from './ports.ts'
import { run, startDaemon, until } from './run.ts'

/** Makes the keys and the configuration of the login node. */
export async function prepareSshd(place: Place, settings: Settings, ports: Ports): Promise<void> {
  const { root, user, home } = place
  const generate = (path: string, comment: string) =>
    run(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', comment, '-f', path])
  await Promise.all([generate(place.hostKey, 'host'), generate(place.clientKey, 'testbed')])
  await file(`${home}/.ssh/authorized_keys`, await readFile(`${place.clientKey}.pub`), user, 0o600)
  await file(`${root}/etc/sshd_config`, sshdConfig(place, settings, ports), 'root', 0o644)
  await file(`${root}/ssh/known_hosts`, `[127.0.0.1]:${ports.sshd} ${await hostKeyLine(place)}\n`, 'root', 0o644)
  await file(`${root}/ssh/config`, sshConfig(place, ports), 'root', 0o644)
}

/** `ssh-ed25519 AAAA…`, as an operator pins it. */
export const hostKeyLine = async (place: Place): Promise<string> =>
  (await readFile(`${place.hostKey}.pub`, 'utf8')).split(' ').slice(0, 2).join(' ')

/** Starts sshd and waits for its greeting. */
export async function startSshd(place: Place, ports: Ports): Promise<void> {
  // its privilege separation demands this folder; the distribution's service would make it
  await mkdir('/run/sshd', { recursive: true, mode: 0o755 })
  await rm(place.pids.sshd, { force: true })
  await startDaemon(
    ['/usr/sbin/sshd', '-f', `${place.root}/etc/sshd_config`, '-E', `${place.logs}/sshd.log`],
    `${place.logs}/sshd.out`,
  )
  await until('sshd greets', () => greets(ports.sshd))
}

const greets = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: 1_000 })
    const settle = (greeted: boolean) => {
      socket.destroy()
      resolve(greeted)
    }
    socket.once('data', (text) => settle(text.toString('latin1').startsWith('SSH-2.0')))
    for (const event of ['error', 'timeout', 'close'] as const) socket.once(event, () => settle(false))
  })

// SetEnv reaches every remote command, of whatever shell, and from there the jobs: the wrappers come first on the PATH, and the cluster is found
const sshdConfig = (place: Place, settings: Settings, ports: Ports) => `Port ${ports.sshd}
ListenAddress 127.0.0.1
HostKey ${place.hostKey}
PidFile ${place.pids.sshd}
AuthorizedKeysFile .ssh/authorized_keys
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin no
AllowUsers ${place.user}
UsePAM no
StrictModes yes
X11Forwarding no
PrintMotd no
PrintLastLog no
UseDNS no
LogLevel VERBOSE
MaxSessions ${settings.maxSessions}
MaxStartups 100:30:200
SetEnv SLURM_CONF=${place.slurmConf} PATH=${place.wrappers}:/usr/bin:/bin:/usr/sbin:/sbin
Subsystem sftp internal-sftp
`

const sshConfig = (place: Place, ports: Ports) => `Host ${place.name}
  HostName 127.0.0.1
  Port ${ports.sshd}
  User ${place.user}
  IdentityFile ${place.clientKey}
  IdentitiesOnly yes
  UserKnownHostsFile ${place.root}/ssh/known_hosts
  StrictHostKeyChecking yes
  BatchMode yes
`
