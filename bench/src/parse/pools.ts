import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { nodeOptionsOf } from '@crystalmath/cli/services'
import { canPin, pinned } from '../pinned.ts'
import { median } from '../statistics.ts'

/** Each arrangement is measured so often, in turns, so that what else the machine does meets all of them; and so many passes over the corpus each time. */
const [ROUNDS, PASSES] = [3, 2] as const

/** Processes side by side: the cores that each is held on, and the workers of its pool; with none it reads by itself. */
type Arrangement = readonly { readonly cores: string; readonly workers: number }[]

/** The floor is two processes that have nothing to do with each other, against one: what they do not gain, the machine does not give. */
const ARRANGEMENTS = {
  onePlain: [{ cores: '0', workers: 0 }],
  twoPlain: [
    { cores: '0', workers: 0 },
    { cores: '1', workers: 0 },
  ],
  oneOnOneCore: [{ cores: '0', workers: 1 }],
  one: [{ cores: '0-1', workers: 1 }],
  two: [{ cores: '0-1', workers: 2 }],
} as const satisfies Readonly<Record<string, Arrangement>>
type Name = keyof typeof ARRANGEMENTS
const NAMES = Object.keys(ARRANGEMENTS) as readonly Name[]

type Said = { readonly filesPerSecond: number; readonly cpuSeconds: number; readonly wallSeconds: number }
/** Files per second of all processes together, and the cores that they kept busy. */
export type Pooled = { readonly filesPerSecond: number; readonly busyCores: number }
export type Pools = Readonly<Record<Name, Pooled>> & { readonly gain: number; readonly floor: number }

/** What a second worker gains beside what a second process would, as medians of several rounds; null where this machine cannot hold processes on cores. */
export async function measurePools(): Promise<Pools | null> {
  if (!canPin()) return null
  const rounds: Readonly<Record<Name, Pooled>>[] = []
  while (rounds.length < ROUNDS) rounds.push(await oneRound())
  const medianOf = (pick: (round: Readonly<Record<Name, Pooled>>) => number) => median(rounds.map(pick))
  const pooled = (name: Name): Pooled => ({
    filesPerSecond: medianOf((round) => round[name].filesPerSecond),
    busyCores: medianOf((round) => round[name].busyCores),
  })
  return {
    ...(Object.fromEntries(NAMES.map((name) => [name, pooled(name)])) as Record<Name, Pooled>),
    gain: medianOf(({ two, oneOnOneCore }) => two.filesPerSecond / oneOnOneCore.filesPerSecond),
    floor: medianOf(({ twoPlain, onePlain }) => twoPlain.filesPerSecond / onePlain.filesPerSecond),
  }
}

async function oneRound(): Promise<Readonly<Record<Name, Pooled>>> {
  const round: [Name, Pooled][] = []
  for (const name of NAMES) round.push([name, await sideBySide(ARRANGEMENTS[name])])
  return Object.fromEntries(round) as Record<Name, Pooled>
}

/** All go on until the last of them has said what it measured. */
async function sideBySide(arrangement: Arrangement): Promise<Pooled> {
  const children = arrangement.map(({ cores, workers }) => {
    const command = [
      process.execPath,
      ...nodeOptionsOf('parser'),
      join(import.meta.dirname, 'pool.ts'),
      String(workers),
      String(PASSES),
    ]
    const [program = '', ...words] = pinned(cores, command)
    return spawn(program, words, { stdio: ['ignore', 'pipe', 'inherit'] })
  })
  try {
    const said = await Promise.all(children.map(firstWord))
    return {
      filesPerSecond: said.reduce((sum, { filesPerSecond }) => sum + filesPerSecond, 0),
      busyCores: said.reduce((sum, { cpuSeconds, wallSeconds }) => sum + cpuSeconds / wallSeconds, 0),
    }
  } finally {
    for (const child of children) child.kill('SIGKILL')
  }
}

async function firstWord({ stdout }: ChildProcess): Promise<Said> {
  if (stdout !== null) for await (const line of createInterface({ input: stdout })) return JSON.parse(line) as Said
  throw new Error('pool.ts ended without a word')
}
