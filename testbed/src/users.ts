import { type Result, run, tryRun, until } from './run.ts'

/** Exit statuses of useradd and userdel while somebody else changes the same files. */
const BUSY: readonly number[] = [1, 10]
/** userdel's for a user that is not there. */
const NO_SUCH_USER = 6

/** Makes a user with a group of its own and no password: `*`, since sshd without PAM takes useradd's `!` for a locked account. */
export async function addUser(user: string, home: string): Promise<void> {
  const words = ['--no-create-home', '--home-dir', home, '--shell', '/bin/bash', '--user-group', '--password', '*', user]
  const { exitCode, stderr } = await inTurn(['useradd', ...words])
  if (exitCode !== 0) throw new Error(`useradd ${user} ended with ${exitCode}: ${stderr.trim()}`)
}

/** Removes a user, if it is there. */
export async function removeUser(user: string): Promise<void> {
  const { exitCode, stderr } = await inTurn(['userdel', user])
  if (exitCode !== 0 && exitCode !== NO_SUCH_USER) throw new Error(`userdel ${user} ended with ${exitCode}: ${stderr.trim()}`)
}

/** The numbers of a user and of its group. */
export async function idsOf(user: string): Promise<{ readonly uid: number; readonly gid: number }> {
  const [uid, gid] = await Promise.all([run(['id', '-u', user]), run(['id', '-g', user])])
  return { uid: Number(uid), gid: Number(gid) }
}

/** Two sites may come up at once, and the password file has one lock. */
async function inTurn(argv: readonly string[]): Promise<Result> {
  let result = await tryRun(argv)
  await until(`"${argv.join(' ')}" has its turn`, async () => {
    if (!BUSY.includes(result.exitCode)) return true
    result = await tryRun(argv)
    return false
  })
  return result
}
