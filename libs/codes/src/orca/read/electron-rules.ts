import { atomicNumberOf } from '@crystalmath/structures/elements'
import { line, type Rule } from '../../reading/scanner.ts'
import { type Context, diagnosisAt } from './context.ts'

/** How many electrons ORCA computes with, held against nuclei, core potentials and charge. */
export const electronRules = (context: Context): Rule[] => [
  line(/^ECP PARAMETER INFORMATION/, () => {
    context.run.coreElectrons = { ofGroup: new Map(), inAll: 0 }
  }),
  line(/^Group +(\d+), Type +\S+ +ECP .*\(replacing (\d+) core electrons/, ({ captures: [group = '', count] }) => {
    context.run.coreElectrons.ofGroup.set(group, Number(count))
  }),
  line(/^Atom +\d{1,9}\S{0,20} +ECP group => +(\d+)/, ({ captures: [group = ''] }) => {
    const { coreElectrons } = context.run
    coreElectrons.inAll += coreElectrons.ofGroup.get(group) ?? Number.NaN
  }),
  line(/^Number of Electrons +NEL +\.+ +(\d+)/, (hit) => {
    const { run } = context
    const count = Number(hit.captures[0])
    run.method.electronCount = count
    const expected = expectedCount(context)
    if (expected !== null && expected !== count)
      run.current.diagnoses.push(
        diagnosisAt(
          context,
          'WRONG_ELECTRON_COUNT',
          `ORCA computes with ${count} electrons, but the nuclei less core potentials and charge make ${expected}: a basis set or a core potential is not the intended one`,
          hit,
        ),
      )
  }),
]

/** Null where an atom is none of the elements (ghosts, embedding), or where only a part of the atoms is computed. */
function expectedCount({ run }: Context): number | null {
  const { species } = run.current
  const { charge, keywords } = run.method
  if (species.length === 0 || typeof charge !== 'number' || keywords.some((word) => /^qm\/|^crystal-qmmm|^xtb|^gfn/i.test(word)))
    return null
  const nuclei = species.reduce((sum, symbol) => sum + (atomicNumberOf(symbol) ?? Number.NaN), 0)
  const expected = nuclei - run.coreElectrons.inAll - charge
  return Number.isFinite(expected) ? expected : null
}
