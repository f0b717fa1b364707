import { isAdvice, isSymptom, openRemedies, writesOf } from '@crystalmath/codes'
import type { Diagnosis, Ending, SharedDiagnosisKind } from '@crystalmath/contract'
import { type Job, rulesOf } from '@crystalmath/job'
import type { Verdict } from './read-result.ts'

/** What only the scheduler knows comes before what the outputs say: an out-of-memory kill leaves outputs that are merely cut off. */
const BY_ENDING: Readonly<Record<Ending, { readonly kind: SharedDiagnosisKind; readonly message: string } | null>> = {
  COMPLETED: null,
  FAILED: null,
  TIMEOUT: { kind: 'OUT_OF_WALLTIME', message: 'the run reached its wall-clock limit' },
  OUT_OF_MEMORY: { kind: 'OUT_OF_MEMORY', message: 'the run needed more memory than it had asked for' },
  NODE_FAILED: { kind: 'NODE_FAILURE', message: 'the node failed under the run' },
  PREEMPTED: { kind: 'PREEMPTED', message: 'the scheduler took the node away for a more urgent job' },
  CANCELLED: { kind: 'CANCELLED', message: 'the run was cancelled' },
  LOST: { kind: 'NODE_FAILURE', message: 'the run vanished from the cluster without a trace' },
}

const UNBEGUN = { kind: 'NEVER_STARTED', message: 'the run never began on its node' } as const

/** `batch` is what the batch system's streams say; a mere sign of death among it comes after what the program itself says. Null for a good completion: ended by its own will, read to its end, converged, nothing diagnosed. Else the first cause. */
export function firstCause(job: Job, result: Verdict, batch: Diagnosis | null): Diagnosis | null {
  const { end, startedAt } = job
  if (end === null) return null
  const said = end.evidence.said.slice(0, 300)
  const isUnbegun = end.ending === 'NODE_FAILED' && end.provedBy === 'scheduler' && startedAt === null && end.startedAt === null
  const known = isUnbegun ? UNBEGUN : BY_ENDING[end.ending]
  const byScheduler = known === null ? [] : [{ ...known, evidence: { file: end.evidence.source, line: null, text: said } }]
  // where nothing says that it ever began, that its outputs cannot be read is no cause
  const never = end.ending === 'FAILED' && startedAt === null ? [neverStarted(said, end.evidence.source)] : []
  const told = batch === null ? [] : isSymptom(batch.kind) ? [...ownWords(result), batch] : [batch]
  const [first] = [...byScheduler, ...told, ...never, ...asked(job, result)]
  if (first !== undefined) return first
  if (end.ending === 'FAILED') {
    const message = `the run ended with exit code ${end.exitCode ?? '?'} and no output says why`
    return { kind: 'UNKNOWN_FAILURE', message, evidence: { file: end.evidence.source, line: null, text: said } }
  }
  return unconverged(result)
}

/** Of a run that ended well and converged, advice asks for another attempt only where a remedy may be tried: it stays with the result all the same. */
function asked(job: Job, result: Verdict): readonly Diagnosis[] {
  if (job.end?.ending !== 'COMPLETED' || unconverged(result) !== null) return stoppingFirst(result.diagnoses)
  const isOpen = ({ kind }: Diagnosis) => {
    const { strategy, effects, maxAttempts } = job.request.recovery
    const open = openRemedies(writesOf(job.code), kind, { effects, tried: rulesOf(job) })
    return strategy === 'ADAPTIVE' && job.attempt < maxAttempts && open.length > 0
  }
  return result.diagnoses.filter((one) => !isAdvice(one.kind) || isOpen(one))
}

/** What advice is about spoils numbers and stops no run; only energies that leap up also end in a crash. */
const stoppingFirst = (diagnoses: readonly Diagnosis[]): readonly Diagnosis[] => {
  const isAside = ({ kind }: Diagnosis) => isAdvice(kind) && kind !== 'POTIM'
  return [...diagnoses.filter((one) => !isAside(one)), ...diagnoses.filter(isAside)]
}

/** Kinds that name no cause of their own. */
const GENERAL: ReadonlySet<string> = new Set([
  'OUTPUT_INCOMPLETE',
  'OUTPUT_UNREADABLE',
  'UNKNOWN_FAILURE',
  'NEVER_STARTED',
  'NOSTART',
  'SOURCES_DISAGREE',
] satisfies readonly (SharedDiagnosisKind | 'NOSTART')[])

/** A program that says why it failed is killed by that: the signal of its end is no cause. */
const ownWords = ({ termination, diagnoses }: Verdict): readonly Diagnosis[] =>
  termination === 'error' ? diagnoses.filter(({ kind }) => !GENERAL.has(kind)).slice(0, 1) : []

const neverStarted = (said: string, source: string): Diagnosis => ({
  kind: 'NEVER_STARTED',
  message: 'the run never began: neither a start nor an output is there',
  evidence: { file: source, line: null, text: said },
})

/** An exit code of 0 is no proof that the calculation is a good one. */
function unconverged(result: Verdict): Diagnosis | null {
  const evidence = { file: 'result', line: null, text: `termination ${result.termination}` }
  if (result.termination === 'truncated')
    return { kind: 'OUTPUT_INCOMPLETE', message: 'the output stops in the middle', evidence }
  if (result.termination === 'error') return { kind: 'UNKNOWN_FAILURE', message: 'the program says that it failed', evidence }
  if (result.electronicConverged === false)
    return { kind: 'ELECTRONIC_NOT_CONVERGED', message: 'the electronic structure did not converge', evidence }
  if (result.ionicConverged === false) return { kind: 'IONIC_NOT_CONVERGED', message: 'the geometry did not converge', evidence }
  return null
}
