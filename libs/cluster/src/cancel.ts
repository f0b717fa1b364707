import { type ClusterSpec, type NativeId, TransientError } from '@crystalmath/contract'
import type { Scheduler } from '@crystalmath/schedulers'
import type { SshLink } from '@crystalmath/ssh'
import { directoryOf } from './place.ts'
import { asking, remote, TIMEOUT_SECONDS, together } from './remote.ts'
import type { Place } from './site.ts'

/** The queue could not be listed, a cancel file not written, a command did not answer in time. Others: a job was over already. */
const NOT_DONE: readonly number[] = [3, 4, 124]

type Where = { readonly spec: ClusterSpec; readonly scheduler: Scheduler }

/** The cancel files first: a submission that is on its way finds them. Then by name, whatever ids the names have now. */
export async function cancelJobs(
  link: SshLink,
  { spec, scheduler, places }: Where & { readonly places: readonly Place[] },
): Promise<void> {
  const { list, kill } = scheduler.cancel({ account: spec.ssh.user, tokens: places.map(({ token }) => token) })
  const directories = places.map(directoryOf)
  const args = [spec.root, directories.length, list.length, ...directories, ...list, ...kill]
  const answer = await link.run(remote('cancel.sh', args, TIMEOUT_SECONDS))
  if (!answer.complete)
    throw new TransientError(`cancelling ${places.length} attempts on ${spec.name}: the answer is torn: ${answer.lost}`)
  const silent = /[Uu]nable to contact|timed out|connect failure/.test(answer.stderr)
  if (answer.exitCode !== 0 && (silent || NOT_DONE.includes(answer.exitCode ?? 0)))
    throw new TransientError(`the scheduler of ${spec.name} did not cancel: "${answer.stderr.trim().slice(0, 300)}"`)
}

export async function setHold(
  link: SshLink,
  { spec, scheduler, nativeId, held }: Where & { readonly nativeId: NativeId; readonly held: boolean },
): Promise<void> {
  const question = scheduler.hold(nativeId, held)
  const asked = together([asking(question)])
  const [said] = asked.read(await link.run(asked.remote))
  const trouble = said === undefined ? 'no answer' : question.read(said).trouble
  if (trouble !== null)
    throw new TransientError(`the scheduler of ${spec.name} did not ${held ? 'hold' : 'release'} ${nativeId}: ${trouble}`)
}
