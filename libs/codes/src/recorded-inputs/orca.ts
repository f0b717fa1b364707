import type { Structure } from '@crystalmath/contract'
import { isElement } from '@crystalmath/structures'
import { AUXILIARY_SETS, BASIS_SETS, METHODS, SIMPLE_WORDS } from '../orca/write/simple-words.ts'

/** An input of ORCA, as far as its order does not matter. */
export type Recorded = {
  /** Of all `!` lines. */
  readonly words: readonly string[]
  /** Name of a `%` block, in small letters → its lines, blanks made one. */
  readonly blocks: ReadonlyMap<string, readonly string[]>
  readonly charge: number | null
  readonly multiplicity: number | null
  readonly atoms: readonly (readonly [string, number, number, number])[]
}

/** The input that a file holds: one of its own, or the echo at the head of an output; null where there is none. */
export function inputIn(text: string): string | null {
  const echo = [...text.matchAll(/^\| *\d+> (.*)$/gm)].map(([, line = '']) => line)
  const end = echo.findIndex((line) => line.includes('END OF INPUT'))
  if (end > 0) return echo.slice(0, end).join('\n')
  return /^\s*![^\n]*\n[\s\S]*^\s*\*\s*(?:xyz|int|xyzfile)/im.test(text.slice(0, 20_000)) && !text.includes('O   R   C   A')
    ? text
    : null
}

const plain = (line: string): string => line.trim().replace(/\s+/g, ' ')

/** Reads the first job of an input. */
export function parsed(text: string): Recorded {
  const words: string[] = []
  const blocks = new Map<string, string[]>()
  const atoms: [string, number, number, number][] = []
  let charge: number | null = null
  let multiplicity: number | null = null
  let open: string | null = null
  let pending: string | null = null
  let depth = 0
  let inCoordinates = false
  for (const line of text.split('\n').map((one) => plain(one.replace(/#.*$/, '')))) {
    if (/^\$new_job/i.test(line)) break
    if (line === '') continue
    if (pending !== null) {
      blocks.get(pending)?.push(line)
      pending = null
    } else if (inCoordinates) {
      const [symbol = '', ...xyz] = line.replace(/^([A-Za-z]+)\(\d+\)/, '$1').split(' ')
      if (line.startsWith('*') || /^end$/i.test(line)) inCoordinates = false
      else if (isElement(symbol) && xyz.length >= 3) atoms.push([symbol, ...xyz.slice(0, 3).map(Number)] as never)
    } else if (open !== null) {
      if (/^end$/i.test(line) && depth === 0) open = null
      else {
        if (/^end\b/i.test(line)) depth -= 1
        else if (/^(?:constraints|scan|newgto|newecp|print|fragments)\b/i.test(line) && !/\bend\b|\]/i.test(line)) depth += 1
        blocks.get(open)?.push(line)
      }
    } else if (line.startsWith('!')) words.push(...line.slice(1).trim().split(' '))
    else if (line.startsWith('%')) {
      const [, name = '', rest = ''] = /^% ?(\w+)\s*(.*)$/.exec(line) ?? []
      const key = name.toLowerCase()
      blocks.set(key, blocks.get(key) ?? [])
      if (/^(?:maxcore|moinp|base)$/.test(key)) {
        if (rest === '') pending = key
        else blocks.get(key)?.push(rest)
      } else if (/\bend$/i.test(rest)) blocks.get(key)?.push(plain(rest.replace(/\bend$/i, '')))
      else {
        if (rest !== '') blocks.get(key)?.push(rest)
        ;[open, depth] = [key, 0]
      }
    } else if (line.startsWith('*')) {
      const [, kind = '', q, m] = /^\* ?(\w+) (-?\d+) (\d+)/.exec(line) ?? []
      ;[charge, multiplicity] = [Number(q), Number(m)]
      inCoordinates = /^xyz$/i.test(kind)
    }
  }
  return { words, blocks, charge, multiplicity, atoms }
}

const isIn = (list: readonly string[]) => (word: string) => list.some((one) => one.toLowerCase() === word.toLowerCase())
const CALCULATION: readonly (readonly [RegExp, string])[] = [
  [/^sp$|^energy$/i, 'energy'],
  [/^engrad$/i, 'gradient'],
  [/^opt$/i, 'optimization'],
  [/^freq$/i, 'frequencies'],
  [/^optts$/i, 'transition-state'],
]
const CONVERGENCE = /^(Loose|Normal|Tight|VeryTight)SCF$/i
const DISPERSION = /^(?:D2|D3|D3BJ|D3Zero|D4|VV10)$/i

/** What a user would ask of us for the same run. */
export function asked({ words, blocks, charge, multiplicity, atoms }: Recorded): {
  readonly parameters: Readonly<Record<string, unknown>>
  readonly structure: Structure
  readonly ranks: number
} {
  const left = new Set(words)
  const take = (fits: (word: string) => boolean): string | undefined => {
    const word = [...left].find(fits)
    if (word !== undefined) left.delete(word)
    return word === undefined ? undefined : (SIMPLE_WORDS.get(word.toLowerCase()) ?? word)
  }
  const kinds = CALCULATION.flatMap(([pattern, kind]) => (take((word) => pattern.test(word)) === undefined ? [] : [kind]))
  const calculation =
    kinds.includes('optimization') && kinds.includes('frequencies') ? 'optimization-frequencies' : (kinds[0] ?? 'energy')
  const spin = [...left].find((word) => /^(?:UKS|RKS|ROKS|UHF|RHF|ROHF)$/i.test(word))
  const method = take((word) => word !== spin && isIn(METHODS)(word)) ?? take((word) => word === spin) ?? 'HF'
  const basis = take(isIn(BASIS_SETS))
  const auxiliaryBasis = take(isIn(AUXILIARY_SETS))
  const dispersion = take((word) => DISPERSION.test(word)) ?? null
  const [, convergence] = CONVERGENCE.exec(take((word) => CONVERGENCE.test(word)) ?? '') ?? []
  const [, pal] = /^PAL(\d+)$/i.exec(take((word) => /^PAL\d+$/i.test(word)) ?? '') ?? []
  const ranks = Number(/nprocs (\d+)/i.exec((blocks.get('pal') ?? []).join(' '))?.[1] ?? pal ?? 1)
  const maxCore = Number(blocks.get('maxcore')?.[0] ?? Number.NaN)
  const keywords = [...left].filter((word) => !/^moread$/i.test(word))
  return {
    ranks,
    structure: {
      latticeAngstrom: null,
      species: atoms.map(([symbol]) => symbol),
      positionsAngstrom: atoms.map(([, x, y, z]) => [x, y, z]),
    },
    parameters: {
      ...{ calculation, method, keywords, dispersion, charge: charge ?? 0, multiplicity: multiplicity ?? 1 },
      ...(basis === undefined ? {} : { basis }),
      ...(auxiliaryBasis === undefined ? {} : { auxiliaryBasis }),
      ...(convergence === undefined ? {} : { scfConvergence: convergence }),
      ...(Number.isFinite(maxCore) ? { maxCoreMebibytes: maxCore } : {}),
      blocks: Object.fromEntries([...blocks].filter(([name]) => !OURS.has(name))),
      allowUnknown: keywords.filter((word) => !SIMPLE_WORDS.has(word.toLowerCase())),
    },
  }
}

/** Blocks that are written from other parameters, or decided by recovery. */
const OURS: ReadonlySet<string> = new Set(['pal', 'maxcore', 'moinp', 'base', 'coords'])
/** Words that stand elsewhere in ours, or say what is anyway so. */
const isElsewhere = (word: string): boolean => /^(?:PAL\d+|MORead|SP|Energy)$/i.test(word)

/** What the recorded input says, and another one does not. */
export function differences(recorded: Recorded, rendered: Recorded): readonly string[] {
  const words = new Set(rendered.words.map((word) => word.toLowerCase()))
  const lacking = recorded.words.filter((word) => !isElsewhere(word) && !words.has(word.toLowerCase()))
  const lines = [...recorded.blocks].flatMap(([name, own]) => {
    const others = new Set((rendered.blocks.get(name) ?? []).map((line) => line.toLowerCase()))
    return OURS.has(name) ? [] : own.filter((line) => !others.has(line.toLowerCase())).map((line) => `%${name} ${line}`)
  })
  const numbers = (['charge', 'multiplicity'] as const).flatMap((name) =>
    recorded[name] === rendered[name] ? [] : [`${name}: ${recorded[name]} became ${rendered[name]}`],
  )
  const moved = recorded.atoms.flatMap(([symbol, ...at], i) => {
    const [other, ...there] = rendered.atoms[i] ?? ['']
    return symbol === other && at.every((x, axis) => Math.abs(x - (there[axis] ?? Number.NaN)) < 1e-9)
      ? []
      : [`atom ${i} ${symbol}`]
  })
  return [...lacking.map((word) => `! ${word}`), ...lines, ...numbers, ...moved]
}
