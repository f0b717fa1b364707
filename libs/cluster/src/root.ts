import { PermanentError } from '@crystalmath/contract'
import type { Ground } from './ground.ts'
import { readScript } from './read-script.ts'
import { remote, TIMEOUT_SECONDS, whole } from './remote.ts'

/** Whose a root is: an installation, and the epoch that a restored one raises. */
export type Owner = { readonly installation: string; readonly epoch: number }

/** As `.owner` holds it. */
export const ownerLine = ({ installation, epoch }: Owner): string => `${installation} ${epoch}`

export async function takeRoot(ground: Ground, owner: Owner): Promise<void> {
  const { link, spec, root, account, scheduler } = ground
  const { installation, epoch } = owner
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(installation)) throw new PermanentError(`"${installation}" is no name of an installation`)
  const asked = remote('take-root.sh', [root, account, installation, epoch])
  const { stdout } = whole(await link.run(asked), `taking ${root} on ${spec.name}`)
  const [, whose] = /^root foreign ?(.*)$/m.exec(stdout) ?? []
  if (whose !== undefined)
    throw new PermanentError(
      `${root} on ${spec.name} belongs to installation and epoch "${whose}", not to "${ownerLine(owner)}": choose another root, or stop the other one`,
    )
  if (scheduler.helper !== null) await sendHelper(link, scheduler.helper)
}

/** By rename: a call that is under way goes on with the old text. `onlyIfMissing` leaves alone what lies there already, whosever it is. */
export async function sendHelper(
  link: Ground['link'],
  { path, script }: { readonly path: string; readonly script: string },
  { onlyIfMissing = false } = {},
): Promise<void> {
  const [folder, name] = [path.slice(0, path.lastIndexOf('/')), path.slice(path.lastIndexOf('/') + 1)]
  const put = `${onlyIfMissing ? '[ -e "$1/$2" ] || { ' : ''}mkdir -p "$1" && cd "$1" && tar -xmf - && mv -f "$2.new" "$2"${onlyIfMissing ? '; }' : ''}`
  const answer = await link.upload({ script: put, args: [folder, name], timeoutSeconds: TIMEOUT_SECONDS }, [
    { path: `${name}.new`, content: readScript(script) },
  ])
  whole(answer, `putting the queue's program to ${path}`)
}
