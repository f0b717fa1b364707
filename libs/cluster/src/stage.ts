import { createHash } from 'node:crypto'
import type { ClusterCode, ClusterSpec } from '@crystalmath/contract'
import type { Scheduler } from '@crystalmath/schedulers'
import type { Packed } from '@crystalmath/ssh'
import { clusterFiles, notOurs } from './cluster-files.ts'
import type { Ground } from './ground.ts'
import { batchScript, jobScript } from './job-script.ts'
import { feedScript, pilotScript } from './pilot-script.ts'
import { directoryOf, insidePath } from './place.ts'
import { whole } from './remote.ts'
import { SET_UP, setUpText } from './set-up.ts'
import type { StagedAttempt, StagedBatch } from './site.ts'

const NO_CODE: ClusterCode = { setUp: '', executables: {}, launcher: '' }

/** Seconds for one stream of inputs, however slow the line. */
const TIMEOUT_SECONDS = 300

/** Any number of attempts in one tar stream. */
export async function stageAll(ground: Ground, attempts: readonly StagedAttempt[]): Promise<void> {
  const { spec, scheduler } = ground
  const files = attempts.flatMap((attempt) => stagedFiles(attempt, spec, scheduler))
  await send(ground, files, attempts.length)
}

async function send({ link, spec, root }: Ground, files: Iterable<Packed>, attempts: number): Promise<void> {
  const unpack = { script: 'cd "$1" && tar -xmf -', args: [`${root}/.staging`], timeoutSeconds: TIMEOUT_SECONDS }
  whole(await link.upload(unpack, files), `sending the inputs of ${attempts} attempts to ${spec.name}`)
}

/** What an attempt sends, below `.staging/`: inputs, job.sh, manifest, and what the claim has to bring on the cluster itself. */
export function stagedFiles(attempt: StagedAttempt, spec: ClusterSpec, scheduler: Scheduler): readonly Packed[] {
  const folder = `${attempt.place.token}.${attempt.nonce}`
  return [...inputsOf(attempt, spec, scheduler), ...clusterFiles(attempt.preparation)].map((file) => ({
    ...file,
    path: `${folder}/${file.path}`,
  }))
}

/** An array's script, a link to the folder of each member, and what the members send; made as fast as it is read. */
export async function stageBatch(ground: Ground, batch: StagedBatch): Promise<void> {
  await send(ground, batchFiles(ground, batch, ground.account), batch.members.length)
}

function* batchFiles(
  { spec, scheduler, root }: Ground,
  { place, nonce, members, pilot, into }: StagedBatch,
  account: string,
): Generator<Packed> {
  const folder = `${place.token}.${nonce}`
  const directory = `${root}/${directoryOf(place)}`
  const [first] = members
  if (first === undefined) return
  const ownScript = () =>
    pilot === null
      ? batchScript(directory, scheduler, members.length)
      : pilotScript(pilot, { root, account, directory, scheduler, member: first.resources })
  const script = pilot === null || into === undefined ? ownScript() : feedScript(pilot, place.batchId)
  yield { path: `${folder}/job.sh`, content: script, mode: 0o755 }
  if (into !== undefined) yield { path: `${folder}/pilot`, link: `../${into}` }
  for (const { index, tryNumber, ...attempt } of members) {
    const home = directoryOf(attempt.place)
    if (pilot === null) yield { path: `${folder}/m/${index}`, link: `../../../${home}` }
    else yield { path: `${folder}/new/${index}`, content: `${home} ${attempt.place.token}\n` }
    yield { path: `${folder}/members/${home}/.crystalmath/claim.${tryNumber}/batch`, content: `${place.token}\n` }
    for (const file of inputsOf(attempt, spec, scheduler)) yield { ...file, path: `${folder}/members/${home}/${file.path}` }
  }
}

/** Inputs, job.sh, manifest. */
function inputsOf(attempt: StagedAttempt, spec: ClusterSpec, scheduler: Scheduler): readonly File[] {
  const code = spec.codes[attempt.code] ?? NO_CODE
  const surroundings = { root: spec.root, account: spec.ssh.user, scheduler, code }
  const inputs: File[] = attempt.preparation.files.map(({ path, text }) => ({ path: notOurs(insidePath(path)), content: text }))
  const own: File[] = [
    ...(code.setUp.trim() === '' ? [] : [{ path: SET_UP, content: setUpText(code.setUp) }]),
    { path: 'job.sh', content: jobScript(attempt, surroundings), mode: 0o755 },
  ]
  const sent = [...inputs, ...own]
  return [...sent, { path: 'manifest.sha256', content: manifest(sent) }]
}

type File = Exclude<Packed, { readonly link: string }>

/** As `sha256sum -c` reads it. */
const manifest = (files: readonly File[]): string =>
  files.map(({ path, content }) => `${createHash('sha256').update(content).digest('hex')}  ${path}\n`).join('')
