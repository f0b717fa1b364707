import type { Reader } from '@crystalmath/contract'
import { detached, hits, quoted } from '../../reading/hits.ts'
import { toNumber } from '../../reading/numbers.ts'
import { type Finding, findMessages } from './find-messages.ts'
import { type OszicarReading, oszicar } from './oszicar.ts'

export type StdoutReading = {
  readonly version: string | null
  readonly findings: readonly Finding[]
  readonly iterations: OszicarReading
  readonly mpiRankCount: number | null
  readonly threadsPerRank: number | null
  /** Anything that only VASP prints is there. */
  readonly started: boolean
  readonly firstLine: string | null
  readonly requiredAccuracyReached: boolean
  /** Its last act, writing the orbitals, is told. */
  readonly finished: boolean
}

const HITS = hits([
  /(?<=^ ?)vasp\.(?<version>\d\S*)(?=\s)/,
  /running on +(?<cores>\d+) (?:total cores|nodes)/,
  /running +(?<ranks>\d+) mpi-ranks,(?: with +(?<threads>\d+) threads)?/,
  /(?<entering>entering main loop|POSCAR found|LDA part: xc-table|FFT: planning)/,
  /(?<reached>reached required accuracy)/,
  /(?<finished>writing wavefunctions)/,
])

/** Reads what VASP writes to its standard output or error, in a file of its own or in a batch job's. */
export function stdout(file: string): Reader<StdoutReading> {
  const messages = findMessages(file)
  const iterations = oszicar(file)
  let version: string | null = null
  let mpiRankCount: number | null = null
  let threadsPerRank: number | null = null
  let started = false
  let reached = false
  let first: string | null = null
  let finished = false

  return {
    feed(block, firstLine) {
      messages.feed(block, firstLine)
      iterations.feed(block, firstLine)
      if (first === null) first = quoted(/\S[^\n]*/.exec(block)?.[0] ?? '') || null
      for (const { groups = {} } of block.matchAll(HITS)) {
        started = true
        if (groups['version'] !== undefined) version = detached(groups['version'])
        else if (groups['cores'] !== undefined) mpiRankCount = Number(groups['cores'])
        else if (groups['ranks'] !== undefined) {
          mpiRankCount = Number(groups['ranks'])
          threadsPerRank = toNumber(groups['threads'])
        } else if (groups['reached'] !== undefined) reached = true
        else if (groups['finished'] !== undefined) finished = true
        else if (groups['entering']?.startsWith('entering') === true) finished = false
      }
    },
    end: () => {
      const findings = messages.findings()
      const told = iterations.end()
      const vasp = findings.some(({ diagnosis }) => !LAUNCHERS.has(diagnosis.kind))
      return {
        version,
        findings,
        iterations: told,
        mpiRankCount,
        threadsPerRank,
        started: started || vasp || told.stepCount > 0 || told.unfinishedScfSteps > 0,
        firstLine: first,
        requiredAccuracyReached: reached,
        finished,
      }
    },
  }
}

/** Kinds that others than VASP say. */
const LAUNCHERS = new Set([
  'MPI_START_FAILED',
  'MISSING_LIBRARY',
  'OUT_OF_WALLTIME',
  'CANCELLED',
  'NODE_FAILURE',
  'PREEMPTED',
  'DISK_FULL',
  'OUT_OF_MEMORY',
])
