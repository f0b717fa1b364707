import { PermanentError } from '@crystalmath/contract'
import type { SshLink } from '@crystalmath/ssh'
import { directoryOf, insidePath } from './place.ts'
import { TIMEOUT_SECONDS, whole } from './remote.ts'
import type { Place } from './site.ts'

/** GNU find: sizes, times, paths; then first bytes of files whose headers tell whether they are whole. Our own state and what a link points to are nobody's outputs. */
const LIST = `cd "$1" || exit
find . -name .crystalmath -prune -o -type f -printf '%s %T@ %P\\n' | head -n 10000
find . -name .crystalmath -prune -o -type f \\( -name WAVECAR -o -name CHGCAR -o -name 'charge-density.*' -o -name 'fort.*' -o -name '*.chk' \\) -print | head -n 40 |
  while IFS= read -r file; do
    case $file in *CHGCAR) count=16384 ;; *) count=64 ;; esac
    printf 'head %s %s\\n' "$(head -c $count -- "$file" | base64 | tr -d '\\n')" "$file"
  done`

export async function listFiles(link: SshLink, root: string, place: Place) {
  const directory = `${root}/${directoryOf(place)}`
  const { stdout } = whole(
    await link.run({ script: LIST, args: [directory], timeoutSeconds: TIMEOUT_SECONDS }),
    `listing ${directory}`,
  )
  const heads = new Map([...stdout.matchAll(/^head (\S+) \.\/(.+)$/gm)].map(([, head = '', path = '']) => [path, head]))
  return [...stdout.matchAll(/^(\d+) (\d+(?:\.\d+)?) (.+)$/gm)].map(([, size, modified, path = '']) => ({
    path,
    size: Number(size),
    modifiedSeconds: Number(modified),
    head: heads.get(path),
  }))
}

const TAIL = `
cd "$1" && { [ -f "$2" ] && [ ! -L "$2" ]; } || exit 4
case $(head -c 400 -- "$2" | tr -d '\\000') in *'parameters from PSCTR are'*) exit 5 ;; esac
tail -c "$3" -- "$2"`

type Tail = { readonly root: string; readonly place: Place; readonly path: string; readonly bytes: number }

export async function tail(link: SshLink, { root, place, path, bytes }: Tail): Promise<Uint8Array> {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const withheld = new PermanentError(`"${path}" holds a pseudopotential, which does not leave the cluster`)
  if (/potcar|^pot_|psctr/i.test(name)) throw withheld
  const directory = `${root}/${directoryOf(place)}`
  const args = [directory, insidePath(path), String(Math.max(0, Math.floor(bytes)))]
  const answer = await link.run({ script: TAIL, args, timeoutSeconds: TIMEOUT_SECONDS })
  if (answer.exitCode === 4) throw new PermanentError(`there is no file "${path}" in ${directory}`)
  if (answer.exitCode === 5) throw withheld
  return whole(answer, `reading the end of ${directory}/${path}`).bytes
}
