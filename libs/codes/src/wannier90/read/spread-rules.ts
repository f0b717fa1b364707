import { toNumber } from '../../reading/numbers.ts'
import type { Hit, Rule, Section } from '../../reading/sections.ts'
import type { Centre, Context } from './run.ts'

/** Convergence of both minimisations, centres and spreads of the final state. */
export const spreadRules = (context: Context): readonly Rule[] => [
  { pattern: /<<< Disentanglement convergence criteria satisfied >>>/, read: () => disentangled(context, true) },
  {
    pattern: /<<< (?<not>Disentanglement convergence criteria not satisfied|Warning: Maximum number of disentanglement) /,
    read: () => disentangled(context, false),
  },
  { pattern: /<<< Wannierisation convergence criteria satisfied >>>/, read: () => wannierised(context, true) },
  { pattern: /<<< Warning: Maximum number of (?:wannierisation )?iterations reached/, read: () => wannierised(context, false) },
  { pattern: /\*-+ (?<box>WANNIERISE|DISENTANGLE) -+\*/, read: ({ groups }) => box(context, groups['box'] ?? '') },
  { pattern: /Convergence window +: +(?<window>-?\d+)/, read: ({ groups }) => window(context, Number(groups['window'])) },
  { pattern: /(?<=^ *)Final State *$/, read: () => finalState(context) },
  {
    pattern: /(?:Omega|OMEGA) (?<name>I|D|OD|Total|IOD|Rest) +(?:\([^)\n]*\) +)?= +(?<value>[^ \n]+)/,
    read: (hit) => omega(context, hit),
  },
]

function disentangled({ run }: Context, yes: boolean): undefined {
  run.disentangled = yes
  if (!yes && !run.warnings.includes(NOT_DISENTANGLED)) run.warnings.push(NOT_DISENTANGLED)
}
const NOT_DISENTANGLED = 'the disentanglement did not converge within dis_num_iter iterations'

/** The parameters of the two minimisations are listed in boxes of their names. */
function box(context: Context, name: string): undefined {
  context.wannierising = name === 'WANNIERISE'
}

/** A window of one step, the default, means that convergence is not looked at. */
function window({ run, wannierising }: Context, steps: number): undefined {
  if (wannierising) run.checksConvergence = steps > 1
}

function wannierised({ run }: Context, yes: boolean): undefined {
  run.converged = yes
  if (!yes) run.warnings.push('the spread was not converged within num_iter iterations')
}

const CENTRE = /^ +WF centre and spread +\d+ +\( *([^ ,]+), *([^ ,]+), *([^ ,)]+) *\) +(\S+)/

/** `WF centre and spread   1  ( x, y, z )  spread`, in the unit of length of the file. */
function finalState(context: Context): Section {
  const { run, notes } = context
  run.final = true
  if (run.checksConvergence) run.converged ??= false
  const found: Centre[] = []
  let broken = false
  return (text, line) => {
    const row = CENTRE.exec(text)
    if (row === null) {
      const complete = !broken && found.length > 0 && (run.wannierCount === null || found.length === run.wannierCount)
      run.centres = complete ? found : null
      return false
    }
    const [x = null, y = null, z = null, spread = null] = row.slice(1).map(toNumber)
    if (x === null || y === null || z === null || spread === null) {
      broken = true
      notes.diagnose('OUTPUT_UNREADABLE', `a Wannier centre or its spread is not a number: "${text.trim()}"`, { line, text })
    } else found.push({ centre: [x * run.unit, y * run.unit, z * run.unit], spread: spread * run.unit ** 2 })
    return true
  }
}

const PARTS = { I: 'invariant', D: 'diagonal', OD: 'offDiagonal', Total: 'total' } as const

/** The table after the final state: `Spreads (Ang^2)  Omega I = …`. */
function omega({ run, notes }: Context, hit: Hit): undefined {
  const name = hit.groups['name'] ?? ''
  if (!run.final || !(name in PARTS)) return
  const value = toNumber(hit.groups['value'])
  if (value === null) notes.diagnose('OUTPUT_UNREADABLE', `Omega ${name} is not a number: "${hit.groups['value']}"`, hit)
  run.spreads[PARTS[name as keyof typeof PARTS]] = value === null ? null : value * run.unit ** 2
}
