import type { Diagnosis } from '@crystalmath/contract'
import { belowAnyAtoms } from './plausible.ts'
import type { OrcaRun, OrcaStep } from './run.ts'

/** Said after an ORCA TERMINATED NORMALLY, only these are more than a remark. */
export const stands = ({ kind }: Diagnosis): boolean =>
  [
    'ELECTRONIC_NOT_CONVERGED',
    'IONIC_NOT_CONVERGED',
    'OUTPUT_UNREADABLE',
    'WRONG_ELECTRON_COUNT',
    'SCF_DIVERGED',
    'CPSCF_NOT_CONVERGED',
    'EXCITED_STATES_NOT_CONVERGED',
  ].includes(kind)

/** In the order in which the output says them, then what only its end shows. */
export function diagnosesOf(run: OrcaRun, step: OrcaStep, file: string): Diagnosis[] {
  const said = [...run.diagnoses, ...step.diagnoses].sort((a, b) => (a.evidence.line ?? 0) - (b.evidence.line ?? 0))
  const { convergenceTable, inScf, optimisation } = run
  const energy = step.finalHartree ?? step.scfEnergyHartree
  if (energy !== null && belowAnyAtoms(energy, step.species))
    said.unshift({
      kind: 'SCF_DIVERGED',
      message: `the energy, ${energy} hartree, is lower than that of these atoms can be: the SCF diverged`,
      evidence: { file, ...(step.energyLine ?? { line: null, text: `${energy} Eh` }) },
    })
  if (run.finishedNormally && optimisation === 'running' && convergenceTable !== null && !run.molecularDynamics)
    said.push({
      kind: 'IONIC_NOT_CONVERGED',
      message: 'the optimisation ended before it converged',
      evidence: { file, ...convergenceTable },
    })
  if (run.finishedNormally || said.length > 0 || run.gaveUp) return said
  said.push({
    kind: 'OUTPUT_INCOMPLETE',
    message: 'the output ends before ORCA says how it ended',
    evidence: { file, line: null, text: '' },
  })
  if (inScf !== null)
    said.push({
      kind: 'ELECTRONIC_NOT_CONVERGED',
      message: 'the output ends within an SCF that had not converged',
      evidence: { file, ...inScf },
    })
  return said
}
