import { toNumber } from '../../reading/numbers.ts'
import type { Hit, Rule } from '../../reading/sections.ts'
import { type Context, newStep, type Step } from './run.ts'

/** Energies, convergence, levels and points of an optimisation. */
export const scfRules = (context: Context): readonly Rule[] => [
  {
    pattern: /(?<=^ *)== SCF ENDED - (?<how>[A-Z][A-Z ]*?) +E\(AU\) *(?<energy>[^ \n]+) +CYCLES +(?<cycles>[^ \n]+)/,
    read: (hit) => scfEnded(context, hit),
  },
  {
    pattern: /(?<=^ )TOTAL ENERGY(?<kind>[^:\n]*?)\(AU\)(?:\( *(?<cycles>\d+)\))? *(?<energy>[^ \n]+)/,
    read: (hit) => totalEnergy(context, hit),
  },
  {
    pattern: /DISPERSION ENERGY \(AU\) +(?<dispersion>[^ \n]+)/,
    read: (hit) => unlessDisplaced(context, (step) => (step.dispersion = number(context, hit, 'dispersion'))),
  },
  {
    pattern: /(?<=^ *)FREE ENERGY +\(F\) +(?<free>[^ \n]+)/,
    read: (hit) =>
      unlessDisplaced(context, (step) => {
        step.free = number(context, hit, 'free')
        step.smeared = true
      }),
  },
  {
    pattern: /OPTIMIZATION - POINT +(?<point>\d+)/,
    read: ({ groups }) => startPoint(context, Number(groups['point'])),
  },
  {
    pattern: /OPT END - (?<end>[A-Z]+) *\* *E\(AU\): *(?<energy>[^ \n]+)(?: +POINTS +(?<points>\d+))?/,
    read: (hit) => optEnd(context, hit),
  },
  {
    pattern: /(?<=^ +)(?<spin>ALPHA|BETA) +ELECTRONS *$/,
    read: ({ groups }) => unlessDisplaced(context, (step) => (step.spinNow = groups['spin'] === 'ALPHA' ? 'alpha' : 'beta')),
  },
  { pattern: /(?<=^ *)INSULATING STATE *$/, read: () => unlessDisplaced(context, insulating) },
  {
    pattern: /(?<=^ *)POSSIBLY (?<state>CONDUCTING) STATE - EFERMI\(AU\) *(?<fermi>[^ \n(]+)/,
    read: (hit) => conducting(context, hit),
  },
  {
    pattern: /(?<=^ *)FERMI ENERGY: +(?<fermi>[^ \n]+) +Ha/,
    read: (hit) =>
      unlessDisplaced(
        context,
        (step) => {
          step.fermi = number(context, hit, 'fermi')
          step.conducting = true
        },
        true,
      ),
  },
  {
    pattern: /(?<=^ *)TOP OF VALENCE BANDS - +BAND +\d+; K +(?<k>\d+); EIG +(?<level>[^ \n]+) AU/,
    read: (hit) => edge(context, hit, 'top'),
  },
  {
    pattern: /(?<=^ *)BOTTOM OF VIRTUAL BANDS - BAND +\d+; K +(?<k>\d+); EIG +(?<level>[^ \n]+) AU/,
    read: (hit) => edge(context, hit, 'bottom'),
  },
  {
    pattern: /(?<=^ )(?<direct>INDIRECT|DIRECT) ENERGY BAND GAP: +(?<gap>[^ \n]+) +eV/,
    read: ({ groups }) => unlessDisplaced(context, (step) => (step.gapDirect = groups['direct'] === 'DIRECT')),
  },
  { pattern: /(?<=^ +)(?<spin>ALPHA |BETA )?BAND GAP: +(?<gap>[^ \n]+) +eV/, read: (hit) => finalGap(context, hit) },
  {
    pattern: /(?<=^ *)SUMMED SPIN DENSITY +(?<spin>[^ \n]+)/,
    read: (hit) => unlessDisplaced(context, (step) => (step.magnetization = number(context, hit, 'spin'))),
  },
]

/** The number of a group; a diagnosis and null where it is none (`*****`). */
export function number(context: Context, { groups, line, text }: Hit, name: string): number | null {
  const value = toNumber(groups[name])
  if (value === null) context.notes.diagnose('OUTPUT_UNREADABLE', `${name} is not a number: "${groups[name]}"`, { line, text })
  return value
}

/** Applies to the step at hand; after the end of an optimisation (`late`) also to its last one. */
function unlessDisplaced({ run }: Context, apply: (step: Step) => unknown, late = false): undefined {
  if (!run.displaced || late) apply(run.step)
}

function scfEnded(context: Context, hit: Hit): undefined {
  const { run } = context
  const how = hit.groups['how'] ?? ''
  const converged = how.startsWith('CONVERGENCE')
  if (!converged)
    context.notes.diagnose('UNCONVERGED_SCF', `the SCF did not converge: ${how.toLowerCase()} (${hit.groups['cycles']})`, hit)
  if (run.displaced || run.optimisation !== null) return
  const step = run.step
  step.scf = number(context, hit, 'energy')
  step.converged = converged
  step.cycles = toNumber(hit.groups['cycles'])
  step.spinNow = 'both'
}

/** `TOTAL ENERGY(DFT)(AU)( 15)`, then with corrections `TOTAL ENERGY + DISP + GCP (AU)`. */
function totalEnergy(context: Context, hit: Hit): undefined {
  const { run } = context
  if (run.displaced || run.optimisation !== null) return
  const { step } = run
  const energy = number(context, hit, 'energy')
  step.corrections = (hit.groups['kind'] ?? '')
    .split('+')
    .slice(1)
    .map((word) => word.trim())
  if (hit.groups['cycles'] !== undefined) step.cycles = Number(hit.groups['cycles'])
  if (step.converged === null && step.point !== null) step.converged = true // a failed SCF stops the optimisation before this line
  step.energy = energy
  step.complete = energy !== null && (!run.announcesDispersion || step.corrections.length > 0 || (step.point ?? 0) > 1)
  if (step.complete) finish(context, step)
}

/** From here on the step is the best one known. */
function finish({ run, full }: Context, step: Step): void {
  if (run.last !== step) {
    run.cycles.push(...(step.cycles === null ? [] : [step.cycles]))
    if (full && step.energy !== null) run.energies.push({ energy: step.energy, cycles: step.cycles, geometry: step.geometry })
  } else {
    const last = run.energies.at(-1)
    if (last !== undefined && step.energy !== null) last.energy = step.energy
  }
  run.last = step
}

function startPoint(context: Context, point: number): undefined {
  const { run } = context
  if (run.displaced) return
  run.optimising = true
  const fresh = run.step.energy === null && run.step.point === null
  if (run.optimisation !== null) {
    run.optimisation = null // a further optimisation of the same run: another volume, say
    run.cycles = []
    run.energies = []
  }
  if (fresh) run.step.point = point
  else run.step = newStep(point, { ...run.step.geometry })
}

function optEnd(context: Context, hit: Hit): undefined {
  const { run } = context
  const converged = hit.groups['end'] === 'CONVERGED'
  if (run.displaced) return
  run.optimising = true
  run.optimisation = converged ? 'CONVERGED' : 'FAILED'
  if (!converged)
    context.notes.diagnose(
      'UNCONVERGED_GEOMETRY',
      `the optimisation ended without convergence after ${hit.groups['points'] ?? 'all'} points`,
      hit,
    )
  const energy = number(context, hit, 'energy')
  if (energy === null) return
  // The same number with fewer digits: keep the longer one
  if (run.step.energy === null || Math.abs(run.step.energy - energy) > 1e-8) run.step.energy = energy
  run.step.complete = true
  run.step.converged ??= true
  finish(context, run.step)
}

function insulating(step: Step): void {
  step.conducting = false
  step.fermi = null
  step.gapDirect = null
  step.edges[step.spinNow] = {}
}

function conducting(context: Context, hit: Hit): undefined {
  const { run } = context
  if (run.displaced) return
  run.step.fermi = number(context, hit, 'fermi')
  run.step.conducting = true
  run.step.edges = {}
}

function edge(context: Context, hit: Hit, which: 'top' | 'bottom'): undefined {
  const { run } = context
  const level = number(context, hit, 'level')
  if (run.displaced || level === null || Math.abs(level) === 1) return // ±1.0000000E+00 stands where no level was computed
  const { step } = run
  const edges = step.edges[step.spinNow] ?? {}
  step.edges[step.spinNow] = edges
  const known = edges[which]
  if (known !== undefined && (which === 'top' ? known >= level : known <= level)) return
  edges[which] = level
  edges[which === 'top' ? 'topK' : 'bottomK'] = Number(hit.groups['k'])
}

/** After an optimisation: of the final geometry. With two spins the gap over both is not known from the gap of each. */
function finalGap(context: Context, hit: Hit): undefined {
  const gap = number(context, hit, 'gap')
  const { step } = context.run
  if (hit.groups['spin'] === undefined) step.gap = gap
}
