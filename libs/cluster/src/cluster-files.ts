import { PermanentError, type Preparation, RemotePath } from '@crystalmath/contract'
import { type Packed, quote } from '@crystalmath/ssh'
import { insidePath } from './place.ts'
import { SET_UP } from './set-up.ts'

const RESERVED = new Set(['job.sh', 'job.out', 'job.err', 'manifest.sha256', 'cluster-files', 'cluster-files.md5', SET_UP])

/** A path of an input; throws for one of the files that the platform writes. */
export function notOurs(path: string): string {
  if (RESERVED.has(path)) throw new PermanentError(`an input may not be called "${path}": the platform writes that file`)
  return path
}

/** Equal targets together, in order: what goes to one name is put there one after the other. */
function inOrder(wanted: Preparation['clusterFiles']): Preparation['clusterFiles'] {
  const targets = [...new Set(wanted.map(({ to }) => notOurs(insidePath(to))))]
  const ordered = targets.flatMap((to) => wanted.filter((file) => file.to === to))
  for (const { from } of ordered) {
    if (!RemotePath.safeParse(from).success)
      throw new PermanentError(`"${from}" is no absolute path of plain characters on the cluster`)
  }
  return ordered
}

/** `from to` lines, equal targets together and in order; checksums of the sources where they are known. */
export function clusterFiles({ clusterFiles: wanted }: Preparation): readonly Packed[] {
  if (wanted.length === 0) return []
  const ordered = inOrder(wanted)
  const known = ordered.flatMap(({ from, md5 }) => (md5 === null ? [] : [`${md5.toLowerCase()}  ${from}\n`]))
  return [
    { path: 'cluster-files', content: ordered.map(({ from, to }) => `${from} ${to}\n`).join('') },
    ...(known.length === 0 ? [] : [{ path: 'cluster-files.md5', content: known.join('') }]),
  ]
}

/** Lines of a shell function that bring them: each checked, then copied; the first that is not as registered ends it, with the words of a claim that is refused for it. */
export function bringLines({ clusterFiles: wanted }: Preparation): readonly string[] {
  let last: string | null = null
  return inOrder(wanted).flatMap(({ from, to, md5 }) => {
    const folder = to.includes('/') ? `mkdir -p -- ${quote(to.slice(0, to.lastIndexOf('/')))} && ` : ''
    const lacks = (what: string) => `{ echo ${quote(`crystalmath: INVALID ${what}`)} >&2; return 1; }`
    const check = `{ [ -f ${quote(from)} ] && [ -r ${quote(from)} ]; } || ${lacks(`no readable file ${from} on the cluster (for ${to})`)}`
    const copy = `${folder}cat -- ${quote(from)} ${to === last ? '>>' : '>'}${quote(to)} || return`
    last = to
    if (md5 === null) return [check, copy]
    const compare = `echo ${quote(`${md5.toLowerCase()}  ${from}`)} | md5sum -c - >&2 || ${lacks(`changed since they were registered: ${from}`)}`
    return [check, compare, copy]
  })
}
