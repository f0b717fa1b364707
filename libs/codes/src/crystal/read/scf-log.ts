import type { Diagnosis } from '@crystalmath/contract'
import { lineScanner, notesOf, scanner } from '../../reading/sections.ts'
import { errorRules, kindOf } from './error-rules.ts'
import { forcesRules } from './forces-rules.ts'
import { geometryRules } from './geometry-rules.ts'
import { type Context, emptyGeometry, newRun, newStep, type Step } from './run.ts'
import { scfRules } from './scf-rules.ts'

export type LogReading = {
  /** The SCFs with a total energy, the newest last; at most eight, since only the last geometries can be the result's. */
  readonly steps: readonly Step[]
  readonly diagnoses: readonly Diagnosis[]
}

const KEPT = 8

/** Reads SCFOUT.LOG: the SCF and gradient of each further point of an optimisation, without a banner. */
export function scfLog(file: string) {
  const context: Context = {
    file,
    full: false,
    notes: notesOf(file),
    run: newRun(),
    scf: null,
    runs: 1,
    ranks: null,
    threads: null,
    killed: null,
  }
  const steps: Step[] = []
  const close = () => {
    const { step } = context.run
    if (step.energy !== null) steps.push(step)
    if (steps.length > KEPT) steps.shift()
    context.run.step = newStep(null, emptyGeometry())
    context.run.displaced = false
  }
  const scan = lineScanner([
    {
      pattern: /(?<=^ *)CRYSTAL - SCF - TYPE OF CALCULATION/,
      read: () => {
        close()
      },
    },
    ...scfRules(context),
    ...geometryRules(context),
    ...forcesRules(context),
    ...errorRules(context),
  ])
  return {
    feed: (block: string, firstLine: number) => scan.feed(block, firstLine),
    end(): LogReading {
      close()
      return { steps, diagnoses: context.notes.diagnoses }
    },
  }
}

export type ErrorReading = { readonly diagnoses: readonly Diagnosis[] }

/** Reads fort.87: the one line of the error that stopped CRYSTAL. */
export function errorUnit87(file: string) {
  const notes = notesOf(file)
  const scan = scanner([
    {
      pattern: /ERROR \*{4} (?<routine>[^*\n]*?) *\*{4} *(?<message>[^\n]*)/,
      torn: true,
      read: (hit) => {
        const { routine = '', message = '' } = hit.groups
        notes.diagnose(kindOf(routine, message), `CRYSTAL stopped in ${routine}: ${message.trim().toLowerCase()}`, hit)
      },
    },
  ])
  return {
    feed: (block: string, firstLine: number) => scan.feed(block, firstLine),
    end: (): ErrorReading => ({ diagnoses: notes.diagnoses }),
  }
}
