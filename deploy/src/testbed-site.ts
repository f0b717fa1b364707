// The container "testbed": brings a pretended site up, lets others reach its login node on port 2222, and tells them how.
import { chmod, copyFile, readFile, rename, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { bringUp, codesOf, type Testbed } from '@crystalmath/testbed'
import { optional } from './config.ts'

const NAME = 'testbed'
const PORT = 2_222
/** File name of the private key that logs in. */
const KEY = 'testbed_ed25519'
const keys = optional('TESTBED_KEYS') ?? '/keys'
const folder = optional('TESTBED_SITE') ?? '/site'
const say = (line: string) => void process.stdout.write(`${line}\n`)

/** What `crystalmath cluster add` takes. */
const clusterOf = (site: Testbed) => ({
  name: NAME,
  scheduler: 'slurm',
  ssh: { host: NAME, port: PORT, user: site.user, key: KEY, hostKeys: [site.hostKey] },
  root: `${site.home}/crystalmath`,
  queueIntervalSeconds: 2,
  codes: codesOf(site),
})

/** Files that others read appear whole. */
async function put(file: string, write: (file: string) => Promise<void>): Promise<void> {
  await write(`${file}.new`)
  await chmod(`${file}.new`, 0o444)
  await rename(`${file}.new`, file)
}

/** Slurm's daemons listen where the name of the host leads, and look for each other on loopback: here it leads there. */
async function nameLoopback(): Promise<void> {
  const lines = (await readFile('/etc/hosts', 'utf8')).split('\n').filter((line) => !line.split(/\s+/).includes(hostname()))
  await writeFile('/etc/hosts', `${lines.join('\n')}\n127.0.0.1 ${hostname()}\n`)
}

const stopped = new Promise<void>((resolve) => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve())
})

await nameLoopback()
const site = await bringUp({ name: NAME, onProgress: say })
// the site's sshd listens on loopback alone
const forward = createServer((incoming) => {
  const outgoing = connect({ host: site.host, port: site.port })
  incoming.pipe(outgoing).pipe(incoming)
  incoming.on('error', () => outgoing.destroy())
  outgoing.on('error', () => incoming.destroy())
})
await new Promise<void>((done, failed) => forward.once('error', failed).listen(PORT, '0.0.0.0', done))
await put(join(keys, KEY), (file) => copyFile(site.privateKeyPath, file))
await put(join(folder, 'cluster.json'), (file) => writeFile(file, `${JSON.stringify(clusterOf(site), null, 2)}\n`))
say(`the site is up: ${site.user} on port ${PORT}`)

await stopped
forward.close()
await site.down()
process.exit(0)
