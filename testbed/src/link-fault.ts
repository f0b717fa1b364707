import type { Place } from './place.ts'
import type { Ports } from './ports.ts'
import { run, tryRun } from './run.ts'

/** `silent`: packets vanish, as when a cable is out or a firewall forgets us. `reset`: every connection is refused or broken at once. */
export type LinkFault = 'silent' | 'reset'

/** Breaks the way to the site's sshd until `healLink`; needs nftables. */
export async function breakLink(place: Place, ports: Ports, fault: LinkFault): Promise<void> {
  await healLink(place)
  const verdict = fault === 'silent' ? 'drop' : 'reject with tcp reset'
  // a reset is an answer of sshd's side, which must get through
  const sides = fault === 'silent' ? ['dport', 'sport'] : ['dport']
  const rules = sides.map((side) => `    meta l4proto tcp tcp ${side} ${ports.sshd} ${verdict}`)
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
