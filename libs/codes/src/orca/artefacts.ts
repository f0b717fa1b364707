import type { Artefacts } from '../code-writes.ts'
import { type Artefact, beyondHead, headOf, numberAt } from '../writing/artefact-heads.ts'

/** A molecule of so many functions is beyond any that ORCA computes. */
const MOST_FUNCTIONS = 200_000

/** Whether orbitals of ORCA are whole and of this run: pointers into the file stand first, the fourth to the orbitals, which begin with the number of
 * operators (2: unrestricted) and of functions; then coefficients, occupations, energies (doubles), irreps and cores (integers) of each
 * (ORCA forum, f=8, t=3299). Later releases may put more behind. */
export function orcaArtefactFault(file: Artefact, { facts }: Artefacts): string | null {
  const head = headOf(file)
  if (head === null || !file.path.endsWith('.gbw')) return null
  const pointer = numberAt(head, 24, 'int64')
  if (!(pointer >= 40)) return 'its head is not that of orbitals of ORCA'
  if (pointer + 8 > file.size) return `torn: its orbitals begin at byte ${pointer}, and it has ${file.size}`
  const told = beyondHead(head)
  const [operators, functions] = [numberAt(told, 0, 'int32'), numberAt(told, 4, 'int32')]
  if (Number.isNaN(functions)) return null
  if ((operators !== 1 && operators !== 2) || !(functions > 0 && functions < MOST_FUNCTIONS))
    return 'its head is not that of orbitals of ORCA'
  const wanted = pointer + 8 + operators * (8 * functions ** 2 + 24 * functions)
  if (file.size < wanted) return `torn: ${functions} functions need ${wanted} bytes, and it has ${file.size}`
  if (facts?.basisFunctionCount != null && facts.basisFunctionCount !== functions)
    return `of another run: it holds ${functions} basis functions, and the run had ${facts.basisFunctionCount}`
  return facts?.spins === 2 && operators === 1 ? 'of another run: it holds restricted orbitals, and the run had spins' : null
}
