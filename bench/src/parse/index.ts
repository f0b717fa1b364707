import { statSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { askChild, compileAhead } from './child.ts'
import { type Case, corpusCases, corpusFiles, makeOutcar } from './files.ts'
import { type Measured, preparePeers, runPeer } from './peers.ts'
import { measurePools, type Pooled, type Pools } from './pools.ts'
import { measureProcesses } from './processes.ts'

const say = (line: string) => void process.stderr.write(`${line}\n`)
const print = (line = '') => void process.stdout.write(`${line}\n`)

export const parseBench = {
  about: 'reading outputs, beside pymatgen, ASE, cclib and aiida-quantumespresso on the same files, and beside counting newlines',
  run: async ({ json }: { readonly json: boolean }): Promise<void> => {
    const folder = await mkdtemp(join(tmpdir(), 'crystalmath-bench-'))
    try {
      const python = preparePeers(say)
      compileAhead()
      const small = join(folder, 'OUTCAR')
      await makeOutcar(small, 7e6)
      const cases = [
        ...corpusCases(folder),
        { name: 'OUTCAR, made', path: small, peers: ['pymatgen Outcar', 'ASE'], full: false },
      ]
      if (cases.length === 1) print('no corpus of real outputs beside the checkout: a made OUTCAR alone')
      const rows = []
      for (const one of cases) rows.push(await measureCase(one, python))
      const huge = await measureHuge(join(folder, 'OUTCAR.2GB'))
      const hasCorpus = corpusFiles().length > 0
      const rate = hasCorpus ? measureRate() : null
      const workers = hasCorpus ? await measureWorkers() : null
      if (json) print(JSON.stringify({ bench: 'parse', rows, huge, rate, workers }))
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
}

type Newlines = { readonly byBytes: number; readonly bySearch: number }

/** A file so often: a reader is measured when its code is compiled, and small files need more rounds for that. */
const repeats = (megabytes: number): number => Math.round(Math.min(200, Math.max(20, 400 / megabytes)))
/** Interpreters do not get faster by it. */
const peerRepeats = (megabytes: number): number => Math.round(Math.min(100, Math.max(5, 40 / megabytes)))

/** CPU of the best of so many readings in one process; memory of a process that reads once. */
function ours(path: string, repeat: number, full: boolean): Measured {
  const run = (count: number) => askChild<Measured>('once.ts', [path, String(count), full ? 'full' : '']) as Measured
  const once = run(1)
  return repeat === 1 ? once : { ...run(repeat), rssMebibytes: once.rssMebibytes }
}
const newlines = (path: string, repeat: number): Newlines => askChild<Newlines>('newlines.ts', [path, String(repeat)]) as Newlines

const ms = (seconds: number): string => `${(seconds * 1_000).toFixed(seconds < 0.1 ? 1 : 0)} ms`.padStart(9)
const times = (a: number, b: number): string => `${(a / b).toFixed(1)}x`.padStart(7)

async function measureCase({ name, path, peers, full }: Case, python: string | null) {
  const megabytes = statSync(path).size / 1e6
  const read = ours(path, repeats(megabytes), full)
  const floor = newlines(path, repeats(megabytes))
  const able = (python === null ? [] : peers).flatMap((peer) => {
    const run = { python: python ?? '', peer, path }
    const read = runPeer(run, peerRepeats(megabytes), say)
    return read === null ? [] : [{ ...run, ...read }]
  })
  const whole = await measureProcesses({ path, full }, able)
  const mine = { ...read, ...whole.ours }
  print(`${name}, ${megabytes.toFixed(1)} MB: energy ${mine.energy?.toFixed(6) ?? '-'} eV`)
  print(
    `  ${'crystalmath'.padEnd(16)} parse ${ms(mine.seconds)} CPU          process ${ms(mine.processSeconds)}          RSS ${mine.rssMebibytes.toFixed(0).padStart(4)} MiB  first result after ${ms(mine.firstSeconds).trim()}`,
  )
  for (const [word, seconds] of [
    ['by bytes', floor.byBytes],
    ['by search', floor.bySearch],
  ] as const)
    print(`  ${`lines ${word}`.padEnd(16)} count ${ms(seconds)} CPU ours is ${times(mine.seconds, seconds).trim()}`)
  for (const { peer, seconds, energy, processSeconds, rssMebibytes } of whole.peers)
    print(
      `  ${peer.padEnd(16)} parse ${ms(seconds)} CPU ${times(seconds, mine.seconds)}  process ${ms(processSeconds)} ${times(processSeconds, mine.processSeconds)}  RSS ${rssMebibytes.toFixed(0).padStart(4)} MiB  energy ${energy?.toFixed(6) ?? '-'} eV`,
    )
  return { name, megabytes, ours: mine, newlineSeconds: floor, peers: whole.peers }
}

async function measureHuge(path: string) {
  say('making an OUTCAR of 2 GB …')
  await makeOutcar(path, 2e9)
  const mine = ours(path, 1, false)
  const floor = newlines(path, 1)
  print(
    `OUTCAR, made, ${(statSync(path).size / 1e9).toFixed(2)} GB: ${mine.seconds.toFixed(1)} s of CPU, ${times(mine.seconds, floor.byBytes).trim()} of counting its lines by bytes, ${times(mine.seconds, floor.bySearch).trim()} by search, RSS ${mine.rssMebibytes.toFixed(0)} MiB`,
  )
  return { ...mine, newlineSeconds: floor }
}

type Rate = {
  readonly files: number
  readonly bytes: number
  readonly read: number
  readonly coldSeconds: number
  readonly warmSeconds: number
}

function measureRate() {
  const rates = { oneCore: askChild<Rate>('rate.ts', [], 1), anyCore: askChild<Rate>('rate.ts', []) }
  for (const [word, rate] of [
    ['on one core', rates.oneCore],
    ['one process', rates.anyCore],
  ] as const)
    if (rate !== null)
      print(
        `corpus, ${word}: ${rate.files} files (${rate.read} read, ${(rate.bytes / 1e6).toFixed(0)} MB as they lie), ${(rate.files / rate.warmSeconds).toFixed(0)} files/s, the first time ${(rate.files / rate.coldSeconds).toFixed(0)}`,
      )
  return rates
}

/** A worker's collector and inflater are threads of their own: alone on two cores, it has more than one of them. */
async function measureWorkers(): Promise<Pools | null> {
  const pools = await measurePools()
  if (pools === null) return null
  const { oneOnOneCore, one, two, onePlain, twoPlain, gain, floor } = pools
  const rate = ({ filesPerSecond }: Pooled) => filesPerSecond.toFixed(0)
  print(
    `parser service, all of the content: ${rate(oneOnOneCore)} files/s with one worker on one core, ${rate(two)} with two on two: ${gain.toFixed(2)}x; ${rate(one)} with one on two (it keeps ${one.busyCores.toFixed(2)} of them busy): ${times(two.filesPerSecond, one.filesPerSecond).trim()}`,
  )
  print(`  floor: processes that read by themselves, one ${rate(onePlain)} files/s, two ${rate(twoPlain)}: ${floor.toFixed(2)}x`)
  return pools
}
