import { PermanentError } from '@crystalmath/contract'
import type { SshLink } from '@crystalmath/ssh'
import { directoryOf, insidePath } from './place.ts'
import { TIMEOUT_SECONDS, whole } from './remote.ts'
import type { Place } from './site.ts'

/** GNU find: sizes, times, paths; then first bytes of files whose headers tell whether they are whole, 64 of binary files and behind them what those
 * point to: the second record of a WAVECAR, the head of the orbitals of a .gbw, the two lengths of the last Fortran record. Our own state and what a link
 * points to are nobody's outputs. */
const LIST = `cd "$1" || exit
find . -name .crystalmath -prune -o -type f -printf '%s %T@ %P\\n' | head -n 10000
number() { # FILE OFFSET TYPE
  set -- $(od -An -t "$3" -j "$2" -N 8 -- "$1" 2>/dev/null)
  case $1 in '' | *[!0-9]* | ??????????????*) return 1 ;; esac
  n=$1
}
# What stands at a byte, if the file is longer
at() { # FILE OFFSET COUNT
  tail -c "+$(($2 + 1))" -- "$1" | head -c "$3"
}
beyond() { # FILE SIZE
  case $1 in
    *WAVECAR) number "$1" 0 f8 && [ "$n" -lt "$2" ] && at "$1" "$n" 96 ;;
    *.gbw) number "$1" 24 d8 && [ "$n" -lt "$2" ] && at "$1" "$n" 8 ;;
    *fort.* | *.chk)
      number "$1" "$(($2 - 4))" d4 || return
      # no record is so long, or has no length: two that differ stand for it
      if [ "$n" -eq 0 ] || [ "$((n + 8))" -gt "$2" ]; then printf '\\001\\000\\000\\000\\000\\000\\000\\000'; else
        at "$1" "$(($2 - n - 8))" 4 && tail -c 4 -- "$1"
      fi
      ;;
  esac
}
find . -name .crystalmath -prune -o -type f \\( -name WAVECAR -o -name CHGCAR -o -name 'charge-density.*' -o -name 'fort.*' -o -name '*.chk' -o -name '*.gbw' -o -name 'ns.*' -o -name 'ndb.*' \\) -printf '%s %p\\n' | head -n 60 |
  while read -r size file; do
    case $file in *CHGCAR) count=16384 ;; *) count=64 ;; esac
    printf 'head %s %s\\n' "$({
      head -c $count -- "$file"
      [ "$size" -le 64 ] || beyond "$file" "$size"
    } | base64 | tr -d '\\n')" "$file"
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
