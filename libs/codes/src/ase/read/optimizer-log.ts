import type { Diagnosis, Properties, Reader } from '@crystalmath/contract'
import type { ReadOptions } from '../../code-reads.ts'
import { detached, eachLine, quoted } from '../../reading/hits.ts'
import { toNumber } from '../../reading/numbers.ts'

/** The newest row of one optimisation: `BFGS:   28 00:13:04   2.862985   0.0063`. */
export type OptimizerLog = {
  optimizer: string | null
  rowCount: number
  /** Rows of earlier runs in the same file: ASE appends. */
  earlierRuns: number
  energyEv: number | null
  maxForceEvPerAngstrom: number | null
  /** A star behind the energy: free energies, consistent with the forces. */
  forceConsistent: boolean
  /** Columns of Sella beyond ASE's: largest constraint violation, trust radius, ratio of actual to predicted change. */
  sella: { cmax: number; trustRadius: number; rho: number } | null
  trajectory: NonNullable<Properties['trajectory']>
  torn: boolean
  diagnoses: Diagnosis[]
}

/** Name, step, force calls, time, energy, star, largest force, further columns. */
const ROW = /^ *([A-Za-z][\w-]*):? +(\d+)(?:\[ *\d+\])? +(\d\d:\d\d:\d\d) +(\S+?)(\*?) +(\S+)(.*)$/

/** Reads the log of any ASE optimiser (BFGS, LBFGS, FIRE, BFGSLineSearch, GPMin, MDMin …) or of Sella. */
export function optimizerLog(file: string, { full }: ReadOptions): Reader<OptimizerLog> {
  let found = emptyLog()

  const row = (text: string, number: number) => {
    const [, name, step, , energyText, star, forceText, rest] = ROW.exec(text) ?? []
    if (name === undefined) return
    if (Number(step) === 0 && found.rowCount > 0) found = { ...emptyLog(), earlierRuns: found.earlierRuns + 1 }
    const energyEv = toNumber(energyText)
    const maxForce = toNumber(forceText)
    if (energyEv === null || maxForce === null) {
      const message = `step ${step}: energy or largest force is not a number`
      found.diagnoses = [{ kind: 'OUTPUT_UNREADABLE', message, evidence: { file, line: number, text: quoted(text) } }]
    }
    found.optimizer = detached(name)
    found.rowCount += 1
    found.energyEv = energyEv
    found.maxForceEvPerAngstrom = maxForce
    found.forceConsistent = star === '*'
    const [cmax, trustRadius, rho] = (rest ?? '').trim().split(/ +/).map(toNumber)
    found.sella = cmax == null || trustRadius == null || rho == null ? null : { cmax, trustRadius, rho }
    if (full) found.trajectory.push({ energyEv, maxForceEvPerAngstrom: maxForce })
  }
  return {
    feed(block, firstLine) {
      const end = block.lastIndexOf('\n') + 1
      eachLine(block.slice(0, end), firstLine, row)
      found.torn = end < block.length
    },
    end: () => found,
  }
}

const emptyLog = (): OptimizerLog => ({
  optimizer: null,
  rowCount: 0,
  earlierRuns: 0,
  energyEv: null,
  maxForceEvPerAngstrom: null,
  forceConsistent: false,
  sella: null,
  trajectory: [],
  torn: false,
  diagnoses: [],
})
