import type { Finding } from '@crystalmath/contract'
import type { Said } from '@crystalmath/schedulers'
import { facts, ill, warning, well } from './finding.ts'

/** Below it, a few hundred jobs fill the file system. */
const FEW_MEBIBYTES = 10_240
const FEW_INODES = 100_000

/** File systems on which a folder's listing may be seconds old on another node. */
const LAGGING = /nfs|cifs|smb|fuse|afs/i

export type Host = { readonly findings: readonly Finding[]; readonly freeMebibytes: number | null }

/** What host-facts.sh said. */
export function readHost(said: Said, root: string, owner: string): Host {
  const { one, all } = facts(said.stdout)
  if (!said.complete)
    return {
      findings: [
        ill('ROOT', `${root} could not be looked at: "${said.stderr.trim().slice(0, 200)}"`, 'ask again; a file system may hang'),
      ],
      freeMebibytes: null,
    }
  if (one('root') === 'missing' || one('writable') === 'no')
    return {
      findings: [
        ill(
          'ROOT',
          `${root} cannot be made or written`,
          'choose a root that the account may write, on a file system that compute nodes see',
        ),
      ],
      freeMebibytes: null,
    }
  const freeMebibytes = Number(one('free_mebibytes') ?? Number.NaN)
  return {
    freeMebibytes: Number.isFinite(freeMebibytes) ? freeMebibytes : null,
    findings: [
      ownerFinding(one('owner'), root, owner),
      one('links') === 'no'
        ? warning(
            'HARD_LINKS',
            `${root} is on a file system without hard links`,
            'jobs lock by exclusive creation instead, which old NFS does not keep; prefer another file system',
          )
        : well('HARD_LINKS', `hard links work in ${root}`),
      spaceFinding(freeMebibytes, Number(one('free_inodes') ?? Number.POSITIVE_INFINITY), root),
      LAGGING.test(one('file_system') ?? '')
        ? warning(
            'DIRECTORY_LAG',
            `${root} is on ${one('file_system')}`,
            'news of ended jobs may come seconds late; run the check with a dry-run job, which measures it',
          )
        : well('DIRECTORY_LAG', `${root} is on ${one('file_system') || 'an unnamed file system'}`),
      all('lacks').length > 0
        ? ill(
            'TOOLS',
            `the login node lacks ${all('lacks').join(', ')}`,
            'install coreutils, tar, findutils, util-linux, or set the PATH for shells that are not interactive',
          )
        : well('TOOLS', 'the shell tools that scripts of ours use are there'),
    ],
  }
}

function ownerFinding(is: string | undefined, root: string, owner: string): Finding {
  if (is === owner) return well('ROOT', `${root} is ours ("${is}") and can be written`)
  if (is === undefined) return well('ROOT', `${root} can be written; nobody has taken it yet`)
  return ill(
    'ROOT',
    `${root} belongs to installation and epoch "${is}", ours is "${owner}"`,
    'choose another root, or stop the installation that owns it',
  )
}

function spaceFinding(freeMebibytes: number, inodes: number, root: string): Finding {
  if (!Number.isFinite(freeMebibytes)) return warning('FREE_SPACE', `df says nothing of ${root}`, 'look at the quota by hand')
  const said = `${Math.floor(freeMebibytes)} MiB${Number.isFinite(inodes) ? ` and ${inodes} inodes` : ''} are free below ${root}`
  if (freeMebibytes < 100) return ill('FREE_SPACE', said, 'make room; jobs would fail for want of it')
  if (freeMebibytes < FEW_MEBIBYTES || inodes < FEW_INODES)
    return warning('FREE_SPACE', said, 'make room, or choose a root on a larger file system; quotas may be smaller still')
  return well('FREE_SPACE', said)
}
