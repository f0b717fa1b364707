import { type BatchId, batchToken, type HandPilotSight, handPilotShape, NativeId } from '@crystalmath/contract'
import type { ByHand, Scheduler } from '@crystalmath/schedulers'
import { quote } from '@crystalmath/ssh'
import type { Ground } from './ground.ts'
import { pilotHead } from './pilot-script.ts'
import { batchDirectory } from './place.ts'
import { readScript } from './read-script.ts'
import { remote, whole } from './remote.ts'
import type { HandPilotPlan, Site } from './site.ts'

/** Before the allocation ends, s: what members need to say how they ended. */
const MARGIN_SECONDS = 60

/** Seconds that a person's pilot waits for jobs: the platform has to see it first. */
const IDLE_SECONDS = 60

type Surroundings = Parameters<typeof pilotHead>[1] & { readonly byHand: ByHand }

/** What a person starts in an allocation of his own. */
export const handPilotScript = (plan: HandPilotPlan, surroundings: Surroundings): string =>
  [
    ...pilotHead({ ...handPilotShape(plan.member), slots: 0 }, surroundings),
    `idle=${IDLE_SECONDS}`,
    `name=${quote(batchToken(plan.id))}`,
    `account=${quote(surroundings.account)}`,
    `memory=${plan.member.memoryMebibytes ?? 0}`,
    `margin=${MARGIN_SECONDS}`,
    `most=${plan.maxJobs ?? ''}`,
    `name_of() { ${surroundings.byHand.name}; }`,
    `rename() { ${surroundings.byHand.rename}; }`,
    `ends_at() { ${surroundings.byHand.ends}; }`,
    '',
    readScript('by-hand.sh'),
    readScript('pilot.sh'),
  ].join('\n')

/** What pilots say, and their scripts to where those are missing. */
export async function tendPilots(ground: Ground, plans: readonly HandPilotPlan[]): ReturnType<Site['tendPilots']> {
  const { link, root, spec } = ground
  const ids = plans.map(({ id }) => id)
  const { stdout } = whole(await link.run(remote('hand-pilots.sh', [root, ...ids])), `looking at pilots on ${spec.name}`)
  const sights = readHandPilots(stdout, ids)
  const absent = plans.filter(({ id }) => sights.get(id)?.state === 'asked')
  if (absent.length === 0) return sights
  const files = absent.map((plan) => ({ path: `${plan.id}/pilot.sh`, content: scriptFor(ground, plan), mode: 0o755 }))
  const folders = absent.map(({ id }) => ({ path: `${id}/.crystalmath/by-hand`, content: '' }))
  const unpack = { script: 'mkdir -p "$1" && cd "$1" && tar -xmf -', args: [`${root}/.batches`], timeoutSeconds: 30 }
  whole(await link.upload(unpack, [...folders, ...files]), `sending ${absent.length} pilots to ${spec.name}`)
  return new Map([...sights].map(([id, sight]) => [id, sight.state === 'asked' ? { ...sight, state: 'ready' } : sight]))
}

function scriptFor({ scheduler, root, account }: Ground, plan: HandPilotPlan): string {
  const directory = `${root}/${batchDirectory(plan.id)}`
  return handPilotScript(plan, { root, account, directory, scheduler, member: plan.member, byHand: byHandOf(scheduler) })
}

function byHandOf({ byHand, name }: Scheduler): ByHand {
  if (byHand === null) throw new TypeError(`a pilot by hand was made for ${name}`)
  return byHand
}

/** One for each id that the answer tells of. */
export function readHandPilots(stdout: string, ids: readonly BatchId[]): ReadonlyMap<BatchId, HandPilotSight> {
  const sights = new Map<BatchId, HandPilotSight>()
  for (const [, who = '', rest = ''] of stdout.matchAll(/^pilot (\S+) (.*)\n/gm)) {
    const id = ids.find((one) => one === who)
    if (id === undefined) continue
    const [native = '', slots = '', ends = '', begun = '', closed = ''] = rest.split(' ')
    const nativeId = native === '-' ? null : (NativeId.safeParse(native).data ?? null)
    const numbers = { slots: numberOf(slots), endsSeconds: numberOf(ends), begun: numberOf(begun) ?? 0 }
    if (rest === 'absent') sights.set(id, { state: 'asked', nativeId: null, slots: null, endsSeconds: null, begun: 0 })
    else if (closed === 'closed') sights.set(id, { state: 'over', nativeId, ...numbers })
    // it takes jobs once it has said all of that
    else sights.set(id, { state: nativeId === null || numbers.endsSeconds === null ? 'ready' : 'running', nativeId, ...numbers })
  }
  return sights
}

const numberOf = (text: string): number | null => (/^\d+$/.test(text) ? Number(text) : null)
