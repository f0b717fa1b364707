import { slices, type Token } from '@crystalmath/contract'
import type { Ground } from './ground.ts'
import { batchDirectory, tokenFrom } from './place.ts'
import { remote, whole } from './remote.ts'
import type { Place } from './site.ts'

/** Tickets in one command. */
const BATCH = 500

export async function withdraw({ link, root, spec }: Ground, places: readonly Place[]): Promise<ReadonlyMap<Token, string>> {
  const deciders = new Map<Token, string>()
  for (const some of slices(places, BATCH)) {
    const args = some.flatMap(({ token, batch }) => (batch == null ? [] : [token, batchDirectory(batch.id), batch.index]))
    const { stdout } = whole(await link.run(remote('withdraw.sh', [root, ...args])), `withdrawing tickets on ${spec.name}`)
    for (const [, name = '', who = ''] of stdout.matchAll(/^ticket (\S+) (\S+)$/gm)) {
      const token = tokenFrom(name)
      if (token !== null) deciders.set(token, who)
    }
  }
  return deciders
}
