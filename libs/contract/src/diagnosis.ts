import { z } from 'zod'

/** Causes that codes share; a code's own kinds (custodian keys, AiiDA exit-code labels without `ERROR_`) stand beside them. */
export const SHARED_DIAGNOSIS_KINDS = [
  'ELECTRONIC_NOT_CONVERGED',
  'IONIC_NOT_CONVERGED',
  'OUT_OF_WALLTIME',
  'OUT_OF_MEMORY',
  'OUTPUT_INCOMPLETE',
  'OUTPUT_UNREADABLE',
  'SOURCES_DISAGREE',
  'INPUT_ERROR',
  'NODE_FAILURE',
  'PREEMPTED',
  'NEVER_STARTED',
  'DISK_FULL',
  'LICENCE',
  'WRONG_ELECTRON_COUNT',
  'STATE_CHANGED',
  'SEGMENTATION_FAULT',
  'BUS_ERROR',
  'MPI_START_FAILED',
  'MISSING_LIBRARY',
  'PSEUDOPOTENTIAL_MISSING',
  'PSEUDOPOTENTIAL_CHANGED',
  'SUBMISSION_REFUSED',
  'FROZEN',
  'CANCELLED',
  'UNKNOWN_FAILURE',
] as const
export type SharedDiagnosisKind = (typeof SHARED_DIAGNOSIS_KINDS)[number]

/** UPPER_SNAKE, stable for ever. */
export const DiagnosisKind = z.string().regex(/^[A-Z][A-Z0-9_]*$/)

/** One cause, with where it is said. The first cause comes first in a list. */
export const Diagnosis = z.object({
  kind: DiagnosisKind,
  /** One sentence that a chemist understands. */
  message: z.string(),
  evidence: z.object({
    file: z.string(),
    /** Counts from 1; null where the evidence is not a line of text (an absent file, a scheduler's word). */
    line: z.number().int().positive().nullable(),
    /** The text itself, at most 300 characters. */
    text: z.string(),
  }),
})
export type Diagnosis = z.infer<typeof Diagnosis>
