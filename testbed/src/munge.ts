import { randomBytes } from 'node:crypto'
import { file } from './folders.ts'
import type { Place } from './place.ts'
import { startDaemon, tryRun, until } from './run.ts'

/** Starts the site's own munged, with a key and a socket of its own. */
export async function startMunge(place: Place): Promise<void> {
  const { root, mungeSocket } = place
  const key = `${root}/etc/munge/munge.key`
  await file(key, randomBytes(1_024), 'munge', 0o400)
  const words = [
    ...['setpriv', '--reuid=munge', '--regid=munge', '--clear-groups', 'munged', '--num-threads=10'],
    ...[`--key-file=${key}`, `--socket=${mungeSocket}`, `--pid-file=${place.pids.munged}`],
    ...[`--log-file=${place.logs}/munge/munged.log`, `--seed-file=${root}/munge/munge.seed`],
  ]
  await startDaemon(words, `${place.logs}/munged.out`)
  await until('munged answers', async () => (await tryRun(['munge', `--socket=${mungeSocket}`, '--no-input'])).exitCode === 0)
}
