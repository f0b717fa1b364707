import { EV_PER_HARTREE, type Method } from '@crystalmath/contract/plain'
import { detached } from '../../reading/hits.ts'
import { toNumber } from '../../reading/numbers.ts'
import type { Hit, Rule } from '../../reading/sections.ts'
import { type Context, newRun } from './run.ts'
import { number } from './scf-rules.ts'

/** Banner, ranks, Hamiltonian, meshes, thresholds, times and the last line. */
export const setupRules = (context: Context): readonly Rule[] => [
  {
    pattern: /(?<=^ *)PROCESS +\d+ +OF +(?<ranks>\d+) +WORKING/,
    read: ({ groups }) => ranks(context, Number(groups['ranks'])),
  },
  {
    pattern: /(?<=^ *(?<ranks>\d+) +)PROCESSORS WORKING/,
    numeric: true,
    read: ({ groups }) => ranks(context, Number(groups['ranks'])),
  },
  {
    pattern: /(?<=^ *)CRYSTAL is running via +(?<ranks>\d+) +threads/,
    read: ({ groups }) => ranks(context, Number(groups['ranks'])),
  },
  {
    pattern: /(?<=^ *)Default number of threads is: +(?<threads>\d+)/,
    read: ({ groups }) => threads(context, Number(groups['threads'])),
  },
  { pattern: /(?<=^ \* {20,})(?:MPP ?|P)?CRYSTAL ?(?<version>\d\d(?:\d\d)?) +\*/, read: (hit) => startRun(context, hit) },
  {
    pattern: /(?:public|private|[Rr]elease|develop|demo|beta) ?: +(?<release>\d[\w.]*)/,
    read: ({ groups }) => release(context, groups['release'] ?? ''),
  },
  {
    pattern: /FERMI ENERGY ALTERED BY LEVEL SHIFTER/,
    read: ({ line }) => {
      context.run.levelsShifted = true
      context.run.warnings.add(`line ${line}: the level shifter has moved the levels; no gap is given`)
    },
  },
  {
    pattern: /(?<=^ *)CRYSTAL - (?<kind>SCF|PROPERTIES) - TYPE OF CALCULATION : +(?<type>[^\n]*)/,
    read: ({ groups }) => calculation(context, groups['kind'] ?? '', groups['type'] ?? ''),
  },
  {
    pattern: /(?<=^ )TYPE OF CALCULATION : +(?<type>[^\n]*)/,
    read: ({ groups }) => calculation(context, 'SCF', groups['type'] ?? ''),
  },
  {
    pattern: /(?<=^ *)HARTREE-FOCK HAMILTONIAN/,
    read: () => {
      context.run.method.functional = 'Hartree-Fock'
    },
  },
  {
    pattern: /\(EXCHANGE\)\[CORRELATION\] FUNCTIONAL:\((?<exchange>[^)\n]*)\)\[(?<correlation>[^\]\n]*)\]/,
    read: ({ groups }) => functional(context, groups),
  },
  {
    pattern: /PERCENTAGE OF FOCK EXCHANGE +(?<percent>[^ \n]+)/,
    read: ({ groups }) => {
      context.run.hybrid = toNumber(groups['percent'])
    },
  },
  {
    pattern: /(?<=^ *)N\. OF ELECTRONS PER CELL +(?<electrons>\d+)/,
    read: ({ groups }) => method(context, { electronCount: Number(groups['electrons']) }),
  },
  {
    pattern: /(?<=^ *)NUMBER OF AO +(?<orbitals>\d+)/,
    read: ({ groups }) => method(context, { basisFunctionCount: Number(groups['orbitals']) }),
  },
  {
    pattern:
      /(?<=^ *)SHRINK\. FACT\.\(MONKH\.\) +(?<a>\d+) +(?<b>\d+) +(?<c>\d+)(?: +NUMBER OF K POINTS IN THE IBZ +(?<count>\d+))?/,
    read: ({ groups }) => mesh(context, groups),
  },
  {
    pattern: /NUMBER OF K POINTS IN THE IBZ +(?<count>\d+)/,
    read: ({ groups }) => method(context, { kPointCount: Number(groups['count']) }),
  },
  {
    pattern: /CONVERGENCE ON ENERGY +10\*\* *(?<power>-? *\d+)/,
    read: ({ groups }) => threshold(context, groups['power'] ?? ''),
  },
  {
    pattern: /(?<=^ *)FERMI SMEARING - TEMPERATURE SMEARING OF FERMI SURFACE +(?<width>[^ \n]+)/,
    read: (hit) => smearing(context, hit),
  },
  {
    pattern: /(?<dispersion>VDWD[234]?_INPUT|(?:3c|-D[234]) calculation|GRIMME DISPERSION (?:CORRECTION|FUNCTIONAL))/,
    read: ({ text }) => dispersion(context, text),
  },
  {
    pattern: /(?<=^ +\d+)\( *(?<a>-?\d+)\/ *(?<an>\d+) *(?<b>-?\d+)\/ *(?<bn>\d+) *(?<c>-?\d+)\/ *(?<cn>\d+)\) *$/,
    numeric: true,
    read: ({ groups }) => pathPoint(context, groups),
  },
  {
    pattern: /(?<=^ *)T{20,} (?<step>[^\n]{0,14}?) *TELAPSE +(?<elapsed>[^ \n]+) +TCPU +(?<cpu>[^ \n]+)/,
    read: (hit) => times(context, hit),
  },
  {
    pattern: /(?<=^ *)E{10} TERMINATION +DATE/,
    torn: true,
    read: () => {
      context.run.ended = true
    },
  },
]

/** Printed before or behind the banner of their run: what is said behind the end of a run is of the next one. */
function ranks(context: Context, count: number): undefined {
  const { run } = context
  if (context.runs === 0 || run.ended || run.failed || run.ranks !== null) context.ranks = count
  else run.ranks = count
}

function threads(context: Context, count: number): undefined {
  const { run } = context
  if (context.runs === 0 || run.ended || run.failed || run.threads !== null) context.threads = count
  else run.threads = count
}

const method = ({ run }: Context, said: Method): undefined => void Object.assign(run.method, said)

function startRun(context: Context, { groups, line, text }: Hit): undefined {
  if (context.runs > 0)
    context.run.warnings.add(`line ${line}: another run begins here; the last one decides, properties with the SCF before it`)
  if (context.run.kind === 'scf') context.scf = { run: context.run, diagnoses: [...context.notes.diagnoses] }
  const warnings = context.run.warnings
  context.run = {
    ...newRun(),
    version: groups['version'] ?? null,
    ranks: context.ranks,
    threads: context.threads,
    warnings,
  }
  Object.assign(context, { ranks: null, threads: null })
  if (context.runs > 0) context.killed = null
  context.runs += 1
  if (context.runs > 1) context.notes.clear()
  if (text.includes('MPP')) warnings.add('run with MPPcrystal')
}

function release({ run }: Context, said: string): undefined {
  if (run.version !== null && !run.version.includes(' ')) run.version = detached(`${run.version} ${said}`)
}

function calculation(context: Context, kind: string, type: string): undefined {
  context.run.kind ??= kind === 'PROPERTIES' ? 'properties' : 'scf'
  method(context, { spinPolarized: /UNRESTRICTED/.test(type) })
}

function functional({ run }: Context, groups: Hit['groups']): undefined {
  run.exchange = detached(groups['exchange']?.trim() ?? '')
  run.correlation = detached(groups['correlation']?.trim() ?? '')
}

function mesh(context: Context, groups: Hit['groups']): undefined {
  method(context, { kMesh: [Number(groups['a']), Number(groups['b']), Number(groups['c'])] })
  if (groups['count'] !== undefined) method(context, { kPointCount: Number(groups['count']) })
}

function threshold(context: Context, power: string): undefined {
  method(context, { thresholds: { energyHartree: 10 ** -Math.abs(Number(power.replaceAll(' ', ''))) } })
}

function smearing(context: Context, hit: Hit): undefined {
  const width = number(context, hit, 'width')
  method(context, { smearing: 'fermi', smearingWidthEv: width === null ? null : width * EV_PER_HARTREE })
}

/** Says how the dispersion is treated, and that energies without it are not complete. */
function dispersion(context: Context, text: string): undefined {
  context.run.announcesDispersion = true
  const damping = /ZERO/i.test(text) ? ' (zero damping)' : /BJ|BECKE/i.test(text) ? ' (BJ damping)' : ''
  const level = /3c/.test(text) ? '3' : /D([234])/.exec(text)?.[1]
  const known = context.run.method.dispersion
  if (known === undefined || known === null || damping !== '')
    method(context, { dispersion: level === undefined ? (known ?? 'Grimme') : `D${level}${damping}` })
}

/** `12(132/456  0/456132/456)`: a point of a band structure. */
function pathPoint({ run, full }: Context, groups: Hit['groups']): undefined {
  const part = (name: string) => Number(groups[name]) / Number(groups[`${name}n`])
  if (full && run.path.length < 1_000_000) run.path.push([part('a'), part('b'), part('c')])
}

function times(context: Context, { groups }: Hit): undefined {
  const { run } = context
  run.elapsed = toNumber(groups['elapsed']) ?? run.elapsed
  run.cpu = toNumber(groups['cpu']) ?? run.cpu
  if (groups['step']?.trim() === 'END') run.ended = true
}

const NAMES: readonly (readonly [RegExp, RegExp, number | null, string])[] = [
  [/^PERDEW-BURKE-ERNZERHOF$/, /^PERDEW-BURKE-ERNZERHOF$/, null, 'PBE'],
  [/^PERDEW-BURKE-ERNZERHOF$/, /^PERDEW-BURKE-ERNZERHOF$/, 25, 'PBE0'],
  [/^BECKE 88$/, /^LEE-YANG-PARR$/, 20, 'B3LYP'],
  [/^BECKE 88$/, /^LEE-YANG-PARR$/, null, 'BLYP'],
  [/^HSE06/, /PERDEW-BURKE-ERNZERHOF/, null, 'HSE06'],
  [/PBEh-3c/i, /PBEh-3c/i, null, 'PBEh-3c'],
  [/SOL/, /SOL/, null, 'PBEsol'],
  [/^DIRAC-SLATER LDA$/, /VOSKO|PERDEW-ZUNGER|VWN|PZ/, null, 'LDA'],
]

/** The customary name of a functional, or what CRYSTAL prints: `BECKE 88 / PERDEW-ZUNGER (20 % exact exchange)`. */
export function functionalName(exchange: string | null, correlation: string | null, hybrid: number | null): string | null {
  if (exchange === null || correlation === null) return null
  const percent = hybrid === null || hybrid === 0 ? null : hybrid
  const named = NAMES.find(
    ([x, c, h]) =>
      x.test(exchange) && c.test(correlation) && (h === null ? percent === null || /^HSE|3c/i.test(exchange) : h === percent),
  )
  return named?.[3] ?? `${exchange} / ${correlation}${percent === null ? '' : ` (${percent} % exact exchange)`}`
}
