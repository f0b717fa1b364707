import { createHash } from 'node:crypto'
import { type ClusterCode, type ClusterSpec, PermanentError, RemotePath } from '@crystalmath/contract'
import type { Scheduler } from '@crystalmath/schedulers'
import type { Packed } from '@crystalmath/ssh'
import type { Ground } from './ground.ts'
import { jobScript, SET_UP, setUpText } from './job-script.ts'
import { insidePath } from './place.ts'
import { whole } from './remote.ts'
import type { StagedAttempt } from './site.ts'

const NO_CODE: ClusterCode = { setUp: '', executables: {}, launcher: '' }

/** Seconds for one stream of inputs, however slow the line. */
const TIMEOUT_SECONDS = 300

/** Any number of attempts in one tar stream. */
export async function stageAll({ link, spec, scheduler, root }: Ground, attempts: readonly StagedAttempt[]): Promise<void> {
  const files = attempts.flatMap((attempt) => stagedFiles(attempt, spec, scheduler))
  const unpack = { script: 'cd "$1" && tar -xmf -', args: [`${root}/.staging`], timeoutSeconds: TIMEOUT_SECONDS }
  whole(await link.upload(unpack, files), `sending the inputs of ${attempts.length} attempts to ${spec.name}`)
}

/** What an attempt sends, below `.staging/`: inputs, job.sh, manifest, and what the claim has to bring on the cluster itself. */
export function stagedFiles(attempt: StagedAttempt, spec: ClusterSpec, scheduler: Scheduler): readonly Packed[] {
  const code = spec.codes[attempt.code] ?? NO_CODE
  const surroundings = { root: spec.root, account: spec.ssh.user, scheduler, code }
  const inputs: Packed[] = attempt.preparation.files.map(({ path, text }) => ({ path: notOurs(insidePath(path)), content: text }))
  const own: Packed[] = [
    ...(code.setUp.trim() === '' ? [] : [{ path: SET_UP, content: setUpText(code.setUp) }]),
    { path: 'job.sh', content: jobScript(attempt, surroundings), mode: 0o755 },
  ]
  const sent = [...inputs, ...own]
  const folder = `${attempt.place.token}.${attempt.nonce}`
  return [...sent, { path: 'manifest.sha256', content: manifest(sent) }, ...clusterFiles(attempt)].map((file) => ({
    ...file,
    path: `${folder}/${file.path}`,
  }))
}

const RESERVED = new Set(['job.sh', 'job.out', 'job.err', 'manifest.sha256', 'cluster-files', 'cluster-files.md5', SET_UP])

function notOurs(path: string): string {
  if (RESERVED.has(path)) throw new PermanentError(`an input may not be called "${path}": the platform writes that file`)
  return path
}

/** As `sha256sum -c` reads it. */
const manifest = (files: readonly Packed[]): string =>
  files.map(({ path, content }) => `${createHash('sha256').update(content).digest('hex')}  ${path}\n`).join('')

/** `from to` lines, equal targets together and in order; checksums of the sources where they are known. */
function clusterFiles({ preparation }: StagedAttempt): readonly Packed[] {
  const wanted = preparation.clusterFiles
  if (wanted.length === 0) return []
  const targets = [...new Set(wanted.map(({ to }) => notOurs(insidePath(to))))]
  const ordered = targets.flatMap((to) => wanted.filter((file) => file.to === to))
  for (const { from } of ordered) {
    if (!RemotePath.safeParse(from).success)
      throw new PermanentError(`"${from}" is no absolute path of plain characters on the cluster`)
  }
  const known = ordered.flatMap(({ from, md5 }) => (md5 === null ? [] : [`${md5.toLowerCase()}  ${from}\n`]))
  return [
    { path: 'cluster-files', content: ordered.map(({ from, to }) => `${from} ${to}\n`).join('') },
    ...(known.length === 0 ? [] : [{ path: 'cluster-files.md5', content: known.join('') }]),
  ]
}
