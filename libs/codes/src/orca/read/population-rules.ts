import { toNumber } from '../../reading/numbers.ts'
import { line, type Rule, rows, rule, type Section } from '../../reading/scanner.ts'
import type { Context } from './context.ts'

/** Rows of `0 C : 0.04 0.42`, whatever stands between. */
const COLON_ROW = /^ *\d+ +[A-Z][A-Za-z]? *: +(\S+)(?: +(\S+))? *$/
const PLAIN_ROW = /^ *\d+ +[A-Z][A-Za-z]? +(\S+) +(\S+) *$/
const MBIS_ROW = /^ *\d+ +[A-Z][A-Za-z]? +(\S+) +\S+(?: +(\S+))? *$/
const MAYER_ROW = /^ *\d+ +[A-Z][A-Za-z]? +\S+ +\S+ +(\S+) +\S+ +\S+ +\S+ *$/
const NATURAL_ROW = /^ +[A-Z][A-Za-z]? +\d+ +(\S+)(?: +\S+){4}(?: +(\S+))? *$/

/** Atomic charges and spin populations by scheme, as printed (net charges, electrons negative). */
export const populationRules = (context: Context): Rule[] => [
  rule(/^(MULLIKEN|LOEWDIN) ATOMIC CHARGES/, ({ captures: [scheme] }) =>
    charges(context, scheme === 'MULLIKEN' ? 'mulliken' : 'loewdin', COLON_ROW, 1),
  ),
  rule(/^HIRSHFELD ANALYSIS/, () => charges(context, 'hirshfeld', PLAIN_ROW, 8)),
  rule(/^MBIS ANALYSIS/, () => charges(context, 'mbis', MBIS_ROW, 14)),
  rule(/^CHELPG Charges/, () => charges(context, 'chelpg', COLON_ROW, 2)),
  rule(/^RESP Charges/, () => charges(context, 'resp', COLON_ROW, 2)),
  rule(/^ATOM +NA +ZA +QA +VA/, () => charges(context, 'mayer', MAYER_ROW, 0)),
  rule(/^Summary of Natural Population Analysis/, () => charges(context, 'natural', NATURAL_ROW, 6)),
  line(/^(?:Electron density(?: file)? +\.\.\.|Method +:) +(\S+)/, ({ captures: [density = ''] }) => {
    context.run.densityOfRoot = /cis|td-?dft|tda/i.test(density)
  }),
  line(/^Total Dipole Moment +: +(\S+) +(\S+) +(\S+)/, ({ captures }) => {
    if (context.run.densityOfRoot) return
    const [x, y, z] = captures.map(toNumber)
    context.run.current.dipoleAu = x == null || y == null || z == null ? null : [x, y, z]
  }),
]

/** A table of charges (first capture) and, where printed, spins (second). A cell that is no number drops the column. */
function charges({ run }: Context, scheme: string, row: RegExp, gap: number): Section {
  const charge: number[] = []
  const spin: number[] = []
  const { current } = run
  const ofRoot = current.excitationHartree !== null // the relaxed density of an excited root is not the ground state's
  const take = (text: string): boolean => {
    const [found, q, s] = row.exec(text) ?? []
    if (found === undefined) return false
    charge.push(toNumber(q) ?? Number.NaN)
    if (s !== undefined) spin.push(toNumber(s) ?? Number.NaN)
    return true
  }
  return rows(take, gap, () => {
    // NBO repeats its table for each spin, after that of all electrons
    if (!ofRoot && !(scheme === 'natural' && scheme in current.sites))
      current.sites = { ...current.sites, [scheme]: { charges: charge, ...(spin.length > 0 && { spins: spin }) } }
  })
}
