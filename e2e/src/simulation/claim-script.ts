import type { Claim } from '@crystalmath/cluster'
import { NativeId, type SubmitAnswer, type Token } from '@crystalmath/contract'
import type { Files, Folder, StagedMembers } from './folders.ts'
import type { Slurm } from './slurm.ts'
import type { Process, World } from './world.ts'

type Cluster = { readonly files: Files; readonly slurm: Slurm }

/** claim.sh, step by step: what dies half-way leaves what it had done. */
export async function runClaims(
  world: World,
  cluster: Cluster,
  script: Process,
  claims: readonly Claim[],
  say: (token: Token, answer: SubmitAnswer) => void,
): Promise<void> {
  let silentSince: string | null = null
  for (const claim of claims) {
    if (await claimOne(world, cluster, script, claim, silentSince, say)) silentSince = claim.place.token
  }
}

/** True if the scheduler did not answer. */
async function claimOne(
  world: World,
  { files, slurm }: Cluster,
  script: Process,
  { place, tryNumber, nonce }: Claim,
  silentSince: string | null,
  say: (token: Token, answer: SubmitAnswer) => void,
): Promise<boolean> {
  const { token } = place
  const folder = files.folder(token)
  await step(world, script)
  let isSilent = false
  const isTaken = folder.claims.has(tryNumber)
  if (!isTaken || world.broken.has('noClaimDirectory')) {
    const claim = { touchedMs: world.time.now(), said: null as string | null, refused: null as string | null }
    folder.claims.set(tryNumber, claim)
    world.trace(() => `claim: ${'batchId' in place ? 'a batch' : token} try ${tryNumber}`)
    await step(world, script)
    if ([...folder.claims.keys()].some((other) => other > tryNumber)) {
      say(token, { kind: 'unknown', said: 'superseded' })
      return false
    }
    const refuse = (said: string) => Object.assign(claim, { refused: said, touchedMs: world.time.now() })
    if (folder.cancel !== null) refuse('CANCELLED')
    else if (silentSince !== null) refuse('SCHEDULER_DOWN')
    else if (folder.lock !== null || moveInputs(files, folder, `${token}.${nonce}`)) {
      await step(world, script)
      const batch = files.stagedMembers.get(`${token}.${nonce}`) ?? null
      if (batch?.into == null) isSilent = await submit(world, slurm, script, { token, tryNumber, batch }, claim, refuse)
      else await feed(world, files, script, { token, ...batch, into: batch.into }, claim, refuse)
    } else refuse('OTHER')
    await step(world, script)
  }
  const answer = answerOf(folder, tryNumber)
  // of a batch, only whoever sent its inputs knows who its members are
  const isForeign = isTaken && 'batchId' in place && !world.broken.has('membersOfAnother')
  say(token, isForeign && answer.kind === 'submitted' ? { kind: 'unknown', said: 'submitted by another' } : answer)
  return isSilent
}

/** A moment in which the script may die. */
async function step(world: World, script: Process): Promise<void> {
  if (world.goesWrong(world.weather.scriptDies)) world.kill(script, 'the remote script was cut off')
  await world.sleep(script, world.chance.between(5, 200))
}

function moveInputs(files: Files, folder: Folder, staged: string): boolean {
  const content = files.staging.get(staged)
  if (content === undefined) return false
  files.staging.delete(staged)
  folder.inputs = content
  for (const { token } of files.stagedMembers.get(staged)?.members ?? []) {
    const member = files.folder(token)
    if (member.lock === null) member.inputs = content
    member.broughtBy.push(folder.token)
  }
  return true
}

/** feed.sh: offers the members to the pilot, and says that one's id. */
async function feed(
  world: World,
  files: Files,
  script: Process,
  { token, into, members }: StagedMembers & { readonly token: Token; readonly into: Token },
  claim: { said: string | null; touchedMs: number },
  refuse: (said: string) => void,
): Promise<void> {
  const id = files.folder(into).jobId
  const closed = files.closed.get(into)
  if (id === null || (closed !== undefined && closed.visibleMs <= world.time.now())) return refuse('OTHER')
  await step(world, script)
  const offered = files.seenLater({ feed: token, members })
  files.feeds.set(into, [...(files.feeds.get(into) ?? []), offered])
  world.trace(() => `claim: ${members.length} are fed to pilot ${id}`)
  await step(world, script)
  Object.assign(claim, { said: id, touchedMs: world.time.now() })
}

/** sbatch under `timeout 30`. What the scheduler took late is a job all the same. */
async function submit(
  world: World,
  slurm: Slurm,
  script: Process,
  { token, tryNumber, batch }: { readonly token: Token; readonly tryNumber: number; readonly batch: StagedMembers | null },
  claim: { said: string | null; touchedMs: number },
  refuse: (said: string) => void,
): Promise<boolean> {
  const { weather, chance, goesWrong, time } = world
  slurm.asked(token, tryNumber)
  const enqueue = () => {
    if (batch === null) return slurm.submit(token).id
    return batch.isPilot ? slurm.submitPilot(token, batch.members) : slurm.submitArray(token, batch.members)
  }
  if (goesWrong(weather.refuses)) {
    refuse('QUEUE_FULL')
    return false
  }
  if (goesWrong(world.isAway() ? 1 : weather.neverTakes)) {
    await world.sleep(script, 30_000)
    claim.touchedMs = time.now()
    return true
  }
  if (goesWrong(weather.takesLate)) {
    world.loose.count += 1
    time.after(chance.between(5_000, weather.lateMs), () => {
      world.loose.count -= 1
      enqueue()
    })
    await world.sleep(script, 30_000)
    claim.touchedMs = time.now()
    return true
  }
  await world.sleep(script, chance.between(20, 1_500))
  const id = enqueue()
  await step(world, script)
  claim.said = id
  claim.touchedMs = time.now()
  return false
}

function answerOf(folder: Folder, tryNumber: number): SubmitAnswer {
  const claim = folder.claims.get(tryNumber)
  if (claim?.refused != null) return { kind: 'refused', reason: reasonOf(claim.refused), said: `simulated: ${claim.refused}` }
  if (claim?.said == null) return { kind: 'unknown', said: 'no id was printed' }
  folder.jobId = claim.said
  return { kind: 'submitted', nativeId: NativeId.parse(claim.said) }
}

const REASONS = ['CANCELLED', 'SCHEDULER_DOWN', 'QUEUE_FULL'] as const
const reasonOf = (said: string) => REASONS.find((reason) => reason === said) ?? 'OTHER'
