import { parseArgs } from 'node:util'
import { attach, bringUp, runningSites, takeDown } from './index.ts'

const USAGE = `npm run testbed -- up|down|status [--site NAME]… [--no-accounting] [--nodes N]

  up      brings up a pretended site: Slurm, slurmdbd, sshd, Quantum ESPRESSO (default name: one)
  down    takes down the named sites, or all of this checkout
  status  lists the sites and their daemons`

const say = (line: string) => process.stdout.write(`${line}\n`)

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    site: { type: 'string', multiple: true, default: [] },
    name: { type: 'string', multiple: true, default: [] },
    'no-accounting': { type: 'boolean', default: false },
    nodes: { type: 'string', default: '4' },
  },
})
const named = [...values.site, ...values.name]

switch (positionals[0]) {
  case 'up':
    for (const name of named.length > 0 ? named : ['one']) await up(name)
    break
  case 'down':
    for (const name of named.length > 0 ? named : (await runningSites()).map((site) => site.name)) {
      await takeDown(name)
      say(`${name} is down`)
    }
    break
  case 'status':
    await status()
    break
  default:
    process.stderr.write(`${USAGE}\n`)
    process.exitCode = 2
}

async function up(name: string): Promise<void> {
  const there = await attach(name)
  const site =
    there ??
    (await bringUp({ name, accounting: !values['no-accounting'], nodes: Number(values.nodes), keep: true, onProgress: say }))
  say(`${name} is up${there ? ' already' : ''}: ssh -F ${site.sshConfig} ${name}`)
}

async function status(): Promise<void> {
  const sites = await runningSites()
  if (sites.length === 0) say('no site is up')
  for (const { name, root, sshPort, daemons } of sites) {
    const words = Object.entries(daemons).map(([daemon, pid]) => `${daemon} ${pid ?? '-'}`)
    say(`${name}  ${root}  ssh port ${sshPort ?? '-'}  ${words.join('  ')}`)
  }
}
