import { detached } from '../../reading/hits.ts'
import { toNumber } from '../../reading/numbers.ts'
import type { Hit, Rule, Section } from '../../reading/sections.ts'
import { type Context, type Levels, noLevels } from './run.ts'

/** Fermi levels, gaps and quasiparticles. */
export const levelRules = (context: Context): readonly Rule[] => [
  {
    pattern: /(?<=^ *(?:\[(?<set>\w+)\])? *)Fermi Level +(?:\[ev\])?: *(?<value>[^ \n]+)/,
    read: (hit) => level(context, hit, 'fermi', true),
  },
  {
    pattern: /(?<=^ *(?:\[(?<set>\w+)\])? *)VBM \/ CBm +\[ev\]: *(?<value>[^ \n]+) +(?<second>[^ \n]+)/,
    read: (hit) => edges(context, hit),
  },
  {
    pattern: /(?<=^ *(?:\[(?<set>\w+)\])? *)Conduction Band Min +: *(?<value>[^ \n]+)/,
    read: (hit) => level(context, hit, 'conduction'),
  },
  {
    pattern: /(?<=^ *(?:\[(?<set>\w+)\])? *)Valence Band Max +: *(?<value>[^ \n]+)/,
    read: (hit) => level(context, hit, 'valence'),
  },
  {
    pattern: /(?<=^ *(?:\[(?<set>\w+)\])? *)Indirect Gaps? +(?:\[ev\])?: *(?<value>[^ \n]+)/,
    read: (hit) => level(context, hit, 'indirect'),
  },
  {
    pattern: /(?<=^ *(?:\[(?<set>\w+)\])? *)Direct Gaps? +(?:\[ev\])?: *(?<value>[^ \n]+)/,
    read: (hit) => level(context, hit, 'direct'),
  },
  {
    pattern: /(?<=^ *(?:\[(?<set>\w+)\])? *)States summary +: +Full +Metallic +Empty/,
    read: (hit) => summary(levelsOf(context, hit)),
  },
  { pattern: /(?<=^ *(?:\[(?<set>\w+)\])? *)Filled Bands +: *(?<value>\d+)/, read: (hit) => level(context, hit, 'filled') },
  { pattern: /(?<=^ *(?:\[(?<set>\w+)\])? *)Metallic Bands +: *(?<value>\d+)/, read: (hit) => metallic(levelsOf(context, hit)) },
  { pattern: /QP \[eV\] @ K \[ *(?<k>\d+)\]/, read: ({ groups }) => quasiparticles(context, Number(groups['k'])) },
]

/** The set of energies a line belongs to: `[X]Fermi Level`, or without a mark the input's, then Hartree-Fock's. */
function levelsOf(context: Context, { text, groups }: Hit, begins = false): Levels {
  const mark = groups['set'] ?? /^ *\[(\w+)\]/.exec(text)?.[1]
  const { levels } = context.run
  if (mark === undefined) {
    if (levels.size === 0 || (begins && levels.has('X'))) {
      context.levels = noLevels()
      levels.set(levels.size === 0 ? 'X' : 'HF', context.levels)
    } else if (!begins && context.levels.indirect !== null && levels.has('X') && /States summary/.test(text)) {
      context.levels = noLevels()
      levels.set('HF', context.levels)
    }
    return context.levels
  }
  const known = levels.get(mark)
  if (known !== undefined && !begins) return known
  const fresh = noLevels()
  if (levels.size < 20) levels.set(detached(mark), fresh)
  return fresh
}

function level(
  context: Context,
  hit: Hit,
  name: 'fermi' | 'valence' | 'conduction' | 'direct' | 'indirect' | 'filled',
  begins = false,
): undefined {
  const value = toNumber(hit.groups['value'])
  if (value === null) context.notes.diagnose('OUTPUT_UNREADABLE', `not a number: "${hit.text.trim()}"`, hit)
  levelsOf(context, hit, begins)[name] = value
}

function edges(context: Context, hit: Hit): undefined {
  const levels = levelsOf(context, hit)
  levels.valence = toNumber(hit.groups['value'])
  levels.conduction = toNumber(hit.groups['second'])
}

function metallic(levels: Levels): undefined {
  levels.metallic = true
}

/** The line below the heading: `0001-0008               0009-0100`; three ranges where there are metallic bands. */
function summary(levels: Levels): Section {
  return (text) => {
    const ranges = [...text.matchAll(/(\d{1,9})-(\d{1,9})/g)]
    if (ranges.length === 3) levels.metallic = true
    const filled = ranges[0]?.[2]
    if (filled !== undefined && ranges.length > 1) levels.filled = Number(filled)
    return false
  }
}

/** No run has more k points; a damaged index does. */
const MOST_POINTS = 10_000_000

const QP = /B= *(\d+) +Eo= *(\S+) +E= *(\S+) +E-Eo= *(\S+)(?: +Re\(Z\)= *(\S+))?/

function quasiparticles({ run }: Context, kPoint: number): Section {
  return (text) => {
    const row = QP.exec(text)
    if (row === null || kPoint > MOST_POINTS) return false
    const [, band, bare, energy, correction, z] = row
    if (run.quasiparticles.length < 1_000_000)
      run.quasiparticles.push({
        kPointIndex: kPoint,
        band: Number(band),
        bareEv: toNumber(bare),
        quasiparticleEv: toNumber(energy),
        correctionEv: toNumber(correction),
        renormalization: toNumber(z),
      })
    return true
  }
}
