import type { Place } from './place.ts'
import type { Ports } from './ports.ts'
import { run, tryRun } from './run.ts'

/** `silent`: packets vanish, as when a cable is out or a firewall forgets us. `reset`: every connection is refused or broken at once. `lossy`: of a hundred packets five vanish. */
export type LinkFault = 'silent' | 'reset' | 'lossy'

/** What becomes of a packet. */
const VERDICTS: Readonly<Record<LinkFault, string>> = {
  silent: 'drop',
  reset: 'reject with tcp reset',
  lossy: 'numgen random mod 100 < 5 drop',
}

/** Breaks the way to the site's sshd until `healLink`; needs nftables. */
export async function breakLink(place: Place, ports: Ports, fault: LinkFault): Promise<void> {
  await healLink(place)
  // a reset is an answer of sshd's side, which must get through
  const sides = fault === 'reset' ? ['dport'] : ['dport', 'sport']
  const rules = sides.map((side) => `    meta l4proto tcp tcp ${side} ${ports.sshd} ${VERDICTS[fault]}`)
  const chain = ['  chain in {', '    type filter hook input priority 0;', ...rules, '  }']
  await run(['nft', '-f', '-'], { stdin: [`table inet ${place.firewallTable} {`, ...chain, '}', ''].join('\n') })
}

/** Nothing happens where nothing is broken. */
export async function healLink(place: Place): Promise<void> {
  // without nftables there is no table of ours either
  await tryRun(['nft', 'delete', 'table', 'inet', place.firewallTable]).catch(() => {})
}

/** Whether this machine lets us break links: a container may lack nftables or the right to change its own network. */
export const canBreakLinks = (): Promise<boolean> =>
  tryRun(['nft', 'list', 'tables']).then(
    ({ exitCode }) => exitCode === 0,
    () => false,
  )
