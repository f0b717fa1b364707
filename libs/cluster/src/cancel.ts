import { type NativeId, queueKey, TransientError } from '@crystalmath/contract'
import type { Ground } from './ground.ts'
import { directoryOf, namesOf } from './place.ts'
import { asking, remote, TIMEOUT_SECONDS, together, torn } from './remote.ts'
import type { Place } from './site.ts'

/** The queue could not be listed, a cancel file not written, a command did not answer in time. Others: a job was over already. */
const NOT_DONE: readonly number[] = [3, 4, 124]

/** Places in one command. */
const BATCH = 500

/** The cancel files first: a submission that is on its way finds them. Then by name, whatever ids the names have now. */
export async function cancelJobs(ground: Ground, places: readonly Place[]): Promise<void> {
  for (let at = 0; at < places.length; at += BATCH) await cancelSome(ground, places.slice(at, at + BATCH))
}

/** A pilot goes on without the member: it sees the cancel file. */
const namesToCancel = (place: Place) => namesOf(place.batch?.kind === 'pilot' ? { ...place, batch: null } : place)

async function cancelSome(ground: Ground, places: readonly Place[]): Promise<void> {
  const { link, spec, scheduler, account, root, load, spent } = ground
  await load.questions.take(2)
  const { list, kill } = scheduler.cancel({
    account,
    tokens: [...new Set(places.flatMap((place) => namesToCancel(place).map(({ token }) => token)))],
  })
  const directories = places.map(directoryOf)
  const keys = places.flatMap((place) => namesToCancel(place).map(queueKey))
  const args = [root, directories.length, list.length, keys.length, ...directories, ...list, ...keys, ...kill]
  const answer = await link.run(remote('cancel.sh', args, TIMEOUT_SECONDS))
  spent(2)
  if (!answer.complete) throw torn(`cancelling ${places.length} attempts on ${spec.name}`, answer)
  const silent = /[Uu]nable to contact|timed out|connect failure/.test(answer.stderr)
  load.heard('commands', silent ? 'late' : 'fine')
  if (answer.exitCode !== 0 && (silent || NOT_DONE.includes(answer.exitCode ?? 0)))
    throw new TransientError(`the scheduler of ${spec.name} did not cancel: "${answer.stderr.trim().slice(0, 300)}"`, {
      waitingFor: 'SCHEDULER_DOWN',
    })
}

export async function setHold(ground: Ground, nativeId: NativeId, held: boolean): Promise<void> {
  const { link, spec, scheduler, load, spent } = ground
  await load.questions.take(1)
  const question = scheduler.hold(nativeId, held)
  const asked = together([asking(question)])
  const what = `${held ? 'holding' : 'releasing'} ${nativeId} on ${spec.name}`
  const answer = await link.run(asked.remote)
  const [said] = asked.read(answer)
  if (said?.complete !== true) throw torn(what, answer)
  spent(1)
  const { trouble } = question.read(said)
  if (trouble !== null) throw new TransientError(`${what}: ${trouble}`, { waitingFor: 'SCHEDULER_DOWN' })
}
