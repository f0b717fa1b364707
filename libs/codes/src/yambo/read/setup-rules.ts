import { ANGSTROM_PER_BOHR, type Method } from '@crystalmath/contract/plain'
import { detached } from '../../reading/hits.ts'
import { toNumber } from '../../reading/numbers.ts'
import type { Hit, Rule } from '../../reading/sections.ts'
import type { Context } from './run.ts'

const say = ({ run }: Context, said: Method): undefined => {
  run.method = { ...run.method, ...said }
}

/** Version, ranks, bands, k points, electrons, cell. */
export const setupRules = (context: Context): readonly Rule[] => [
  {
    pattern: /Version +(?<version>\d+\.\d+\.\d+[\w.]*) +Revision +(?<revision>\d+)/,
    read: ({ groups }) => version(context, groups),
  },
  { pattern: /(?<=^ *\* )(?:MPI CPU|CPU) +: +(?<ranks>\d+)/, read: ({ groups }) => ranks(context, groups['ranks']) },
  {
    pattern: /CPU-Threads +:(?<ranks>\d+)\(CPU\)-(?<threads>\d+)\(threads\)/,
    read: ({ groups }) => ranks(context, groups['ranks'], groups['threads']),
  },
  { pattern: /(?<=^ *)(?:Cores|MPI Cores) +: +(?<ranks>\d+) *$/, read: ({ groups }) => ranks(context, groups['ranks']) },
  {
    pattern: /(?:Threads per core +|THREADS +\(max\)): +(?<threads>\d+)/,
    read: ({ groups }) => ranks(context, undefined, groups['threads']),
  },
  { pattern: /(?<=^ +)Bands +: +(?<count>\d+) *$/, read: ({ groups }) => first(context, 'bandCount', groups['count']) },
  { pattern: /(?<=^ +)K-points +: +(?<count>\d+) *$/, read: ({ groups }) => first(context, 'kPointCount', groups['count']) },
  { pattern: /(?<=^ +)Electrons +: +(?<count>[^ \n]+)/, read: ({ groups }) => first(context, 'electronCount', groups['count']) },
  {
    pattern: /Spin polarizations +: +(?<count>\d)/,
    read: ({ groups }) => say(context, { spinPolarized: groups['count'] === '2' }),
  },
  {
    pattern: /Spinor components +: +(?<count>\d)/,
    read: ({ groups }) => say(context, { noncollinear: groups['count'] === '2' }),
  },
  { pattern: /\.\.\. containing +(?<atoms>[\dA-Za-z]+) +atoms/, read: ({ groups }) => atoms(context, groups['atoms'] ?? '') },
  {
    pattern: /number of (?<element>[A-Z][a-z]?) +atoms +: +(?<count>\d+)/,
    read: ({ groups }) => void context.run.elements.set(detached(groups['element'] ?? ''), Number(groups['count'])),
  },
  {
    pattern: /(?:DL volume +\[au\]|Direct lattice volume +): *(?<volume>[^ \n]+)/,
    read: ({ groups }) => volume(context, groups['volume']),
  },
  {
    pattern: /Grid dimensions +: +(?<a>\d+) +(?<b>\d+) +(?<c>\d+)/,
    read: ({ groups }) => say(context, { kMesh: [Number(groups['a']), Number(groups['b']), Number(groups['c'])] }),
  },
  {
    pattern: /\[xc\] Functional *:? *(?<name>[^\n]+)/,
    read: ({ groups }) => say(context, { functional: detached(groups['name']?.trim() ?? '') }),
  },
]

function version({ run }: Context, groups: Hit['groups']): undefined {
  run.version ??= detached(groups['version'] ?? '')
}

function ranks({ run }: Context, count: string | undefined, threads?: string): undefined {
  if (count !== undefined) run.ranks ??= Number(count)
  if (threads !== undefined) run.threads ??= Number(threads)
}

/** The data base of the ground state comes first; later ones (of a screening, a kernel) repeat the words. */
function first(context: Context, name: 'bandCount' | 'kPointCount' | 'electronCount', text: string | undefined): undefined {
  const value = toNumber(text)
  if (value !== null && context.run.method[name] === undefined) say(context, { [name]: value })
}

/** `2B2N` → B 2, N 2. */
function atoms({ run }: Context, text: string): undefined {
  for (const [, count, element] of text.matchAll(/(\d{1,9})([A-Z][a-z]?)/g))
    run.elements.set(detached(element ?? ''), Number(count))
}

function volume({ run }: Context, text: string | undefined): undefined {
  const value = toNumber(text)
  if (value !== null) run.volume = value * ANGSTROM_PER_BOHR ** 3
}
