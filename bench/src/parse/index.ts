import { spawnSync } from 'node:child_process'
import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parsePath } from '@crystalmath/files'
import { type Case, CHECKOUT, corpusCases, corpusFiles, makeOutcar } from './files.ts'
import { type Measured, measurePeer, preparePeers } from './peers.ts'
import { measureWorkers } from './workers.ts'

const NODE = join(CHECKOUT, 'node_modules/.bin/node')
const CLI = join(CHECKOUT, 'apps/cli/bin/crystalmath')
const say = (line: string) => void process.stderr.write(`${line}\n`)
const print = (line = '') => void process.stdout.write(`${line}\n`)

export const parseBench = {
  about: 'reading outputs, beside pymatgen, ASE, cclib and aiida-quantumespresso on the same files, and beside counting newlines',
  run: async ({ json }: { readonly json: boolean }): Promise<void> => {
    const folder = await mkdtemp(join(tmpdir(), 'crystalmath-bench-'))
    try {
      const python = preparePeers(say)
      const small = join(folder, 'OUTCAR')
      await makeOutcar(small, 7e6)
      const cases = [
        ...corpusCases(folder),
        { name: 'OUTCAR, made', path: small, peers: ['pymatgen Outcar', 'ASE'], full: false },
      ]
      if (cases.length === 1) print('no corpus of real outputs beside the checkout: a made OUTCAR alone')
      const rows = cases.map((one) => measureCase(one, python))
      const huge = await measureHuge(join(folder, 'OUTCAR.2GB'))
      const rate = await measureRate()
      const workers = await measureWorkers()
      if (workers !== null)
        print(
          `parser service: ${workers.one.toFixed(0)} files/s with one worker, ${workers.two.toFixed(0)} with two: ${(workers.two / workers.one).toFixed(2)}x`,
        )
      if (json) print(JSON.stringify({ bench: 'parse', rows, huge, rate, workers }))
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
}

type Parsed = Omit<Measured, 'processSeconds'>

function ours(path: string, repeat: number, full: boolean): Parsed {
  const { stdout, stderr } = spawnSync(
    NODE,
    [fileURLToPath(new URL('./once.ts', import.meta.url)), path, String(repeat), full ? 'full' : ''],
    {
      encoding: 'utf8',
    },
  )
  if (stdout === '') throw new Error(`reading ${path} failed: ${stderr}`)
  return JSON.parse(stdout) as Parsed
}

function cliSeconds(path: string, full: boolean): number {
  const times = [0, 1, 2].map(() => {
    const began = performance.now()
    const { status, stderr } = spawnSync(CLI, ['parse', '--json', ...(full ? ['--full'] : []), path], { maxBuffer: 1 << 30 })
    if (status !== 0) throw new Error(`crystalmath parse ${path} failed: ${stderr.toString()}`)
    return (performance.now() - began) / 1_000
  })
  return Math.min(...times)
}

/** The floor: the blocks of a file, decoded, and the ends of their lines counted; CPU seconds. */
function newlineSeconds(path: string): number {
  const times = [0, 1, 2].map(() => {
    const began = process.cpuUsage()
    const [file, buffer] = [openSync(path, 'r'), Buffer.allocUnsafe(1 << 20)]
    let count = 0
    for (let read = readSync(file, buffer); read > 0; read = readSync(file, buffer)) {
      const text = buffer.toString('latin1', 0, read)
      for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count += 1
    }
    closeSync(file)
    if (count === 0) throw new Error(`${path} has no lines`)
    const { user, system } = process.cpuUsage(began)
    return (user + system) / 1e6
  })
  return Math.min(...times)
}

/** Small files more often: every reader is measured warm. */
const repeats = (megabytes: number): number => Math.round(Math.min(100, Math.max(5, 40 / megabytes)))

const ms = (seconds: number): string => `${(seconds * 1_000).toFixed(seconds < 0.1 ? 1 : 0)} ms`.padStart(9)
const times = (a: number, b: number): string => `${(a / b).toFixed(1)}x`.padStart(7)

function measureCase({ name, path, peers, full }: Case, python: string | null) {
  const megabytes = statSync(path).size / 1e6
  const mine = { ...ours(path, repeats(megabytes), full), processSeconds: cliSeconds(path, full) }
  const floor = newlineSeconds(path)
  print(`${name}, ${megabytes.toFixed(1)} MB: energy ${mine.energy?.toFixed(6) ?? '-'} eV`)
  print(
    `  ${'crystalmath'.padEnd(16)} parse ${ms(mine.seconds)} CPU          process ${ms(mine.processSeconds)}          RSS ${mine.rssMebibytes.toFixed(0).padStart(4)} MiB`,
  )
  print(`  ${'newlines'.padEnd(16)} count ${ms(floor)} CPU ours is ${times(mine.seconds, floor).trim()}`)
  const others = (python === null ? [] : peers).map((peer) => {
    const other = measurePeer(python ?? '', { peer, path, repeat: repeats(megabytes) }, say)
    if (other !== null)
      print(
        `  ${peer.padEnd(16)} parse ${ms(other.seconds)} CPU ${times(other.seconds, mine.seconds)}  process ${ms(other.processSeconds)} ${times(other.processSeconds, mine.processSeconds)}  RSS ${other.rssMebibytes.toFixed(0).padStart(4)} MiB  energy ${other.energy?.toFixed(6) ?? '-'} eV`,
      )
    return { peer, ...other }
  })
  return { name, megabytes, ours: mine, newlineSeconds: floor, peers: others }
}

async function measureHuge(path: string) {
  say('making an OUTCAR of 2 GB …')
  await makeOutcar(path, 2e9)
  const mine = ours(path, 1, false)
  const floor = newlineSeconds(path)
  print(
    `OUTCAR, made, ${(statSync(path).size / 1e9).toFixed(2)} GB: ${mine.seconds.toFixed(1)} s of CPU, ${(mine.seconds / floor).toFixed(1)}x of counting its newlines, RSS ${mine.rssMebibytes.toFixed(0)} MiB`,
  )
  return { ...mine, newlineSeconds: floor }
}

/** Every file of the corpus, one after another in this process; those that no code knows are refused, which is work, too. */
async function measureRate() {
  const files = corpusFiles()
  if (files.length === 0) return null
  const pass = async (): Promise<{ readonly seconds: number; readonly read: number }> => {
    const began = performance.now()
    let read = 0
    for (const path of files)
      read += await parsePath(path).then(
        () => 1,
        () => 0,
      )
    return { seconds: (performance.now() - began) / 1_000, read }
  }
  const first = await pass()
  const second = await pass()
  const bytes = files.reduce((sum, path) => sum + statSync(path).size, 0)
  for (const [word, { seconds, read }] of [
    ['cold', first],
    ['warm', second],
  ] as const)
    print(
      `corpus, ${word}: ${files.length} files (${read} read, ${(bytes / 1e6).toFixed(0)} MB as they lie) in ${seconds.toFixed(2)} s: ${(files.length / seconds).toFixed(0)} files/s in one process`,
    )
  return { files: files.length, cold: first, warm: second }
}
