import { slices, type Token } from '@crystalmath/contract'
import type { SshLink } from '@crystalmath/ssh'
import { directoryOf } from './place.ts'
import { remote, whole } from './remote.ts'
import type { Place } from './site.ts'

/** Folders of one command: some 80 bytes each on its line. */
const AT_ONCE = 500

/** Whether anything in attempt folders changes: newest time and bytes of all files, as one word each. Of a folder that is gone nothing is said. */
export async function signsOf(link: SshLink, root: string, places: readonly Place[]): Promise<ReadonlyMap<Token, string>> {
  const signs = new Map<Token, string>()
  for (const some of slices(places, AT_ONCE)) {
    const tokens = new Map(some.map((place) => [directoryOf(place), place.token]))
    const { stdout } = whole(await link.run(remote('signs.sh', [root, ...tokens.keys()])), 'looking whether runs write')
    for (const line of stdout.split('\n')) {
      const [directory = '', ...sign] = line.split(' ')
      const token = tokens.get(directory)
      if (token !== undefined) signs.set(token, sign.join(' '))
    }
  }
  return signs
}
