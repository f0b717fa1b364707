import type { Diagnosis, Reader } from '@crystalmath/contract'
import { hits, lineCounter, quoted } from '../../reading/hits.ts'
import { toNumber } from '../../reading/numbers.ts'
import { wholeLines } from './tail.ts'

export type OszicarStep = {
  readonly freeEnergyEv: number | null
  readonly sigmaZeroEnergyEv: number | null
  readonly totalMagnetizationBohr: number | null
  readonly temperatureK: number | null
  readonly kineticEnergyEv: number | null
  readonly scfStepCount: number
  /** Energy change of the last electronic step, eV. */
  readonly lastChangeEv: number | null
  readonly machineLearned: boolean
}

export type OszicarReading = {
  readonly steps: readonly OszicarStep[]
  readonly stepCount: number
  /** Electronic steps of the ionic step that was not finished. */
  readonly unfinishedScfSteps: number
  /** The largest rise of the energy from one ionic step to the next after the first, eV, with its line. */
  readonly largestRise: { readonly ev: number; readonly line: number; readonly text: string } | null
  /** Ionic step with a positive energy, last. */
  readonly lastLine: { readonly line: number; readonly text: string } | null
  readonly diagnoses: readonly Diagnosis[]
  readonly warnings: readonly string[]
}

const MAX_STEPS = 1_000_000

/** `DAV:`, `RMM:`, `CG :`, `SDA:`, `DMP:`, `EXA:`, `NONE` … and the summary of an ionic step, with or without T= … in front of F=. */
const HITS = hits([
  /(?<=^ ?)[A-Z]{2,4} ?: +(?:\d+|\*+) (?<columns> *-?[.\d][^\n]*)/,
  /(?<=^ {0,20})(?<ionic>\d+|\*+) (?=[^\n]{0,60}F= )(?<summary>[^\n]+)/,
])
const F = /\bF= *(\S+) +E0= *(\S+)/
const CHANGE = /d ?E *= *(\S+)/
const MAG = /mag= *(\S+)(?: +(\S+) +(\S+))?/

/** Reads OSZICAR, and the same lines in VASP's standard output. */
export function oszicar(file: string): Reader<OszicarReading> {
  const steps: OszicarStep[] = []
  const diagnoses: Diagnosis[] = []
  let scf = 0
  let lastChange: number | null = null
  let largestRise: OszicarReading['largestRise'] = null
  let lastLine: OszicarReading['lastLine'] = null
  let before: number | null = null
  let count = 0
  const warnings: string[] = []

  const endStep = (ionic: string, summary: string, line: number, text: string): void => {
    const [, free, zero] = F.exec(summary) ?? []
    const freeEnergyEv = toNumber(free)
    if (Number(ionic) === 1 && count > 0) {
      warnings.push(`${file}: holds more than one run; the last one is told`)
      ;[steps.length, count, before, largestRise] = [0, 0, null, null]
    }
    const mag = MAG.exec(summary)
    count += 1
    if (steps.length >= MAX_STEPS) steps.shift()
    steps.push({
      freeEnergyEv,
      sigmaZeroEnergyEv: toNumber(zero),
      totalMagnetizationBohr: mag?.[2] === undefined ? toNumber(mag?.[1]) : null,
      temperatureK: toNumber(/\bT= *(\S+)/.exec(summary)?.[1]),
      kineticEnergyEv: toNumber(/\bEK= *(\S+)/.exec(summary)?.[1]),
      scfStepCount: scf,
      lastChangeEv: lastChange,
      machineLearned: scf === 0,
    })
    lastLine = { line, text: quoted(text) }
    const rise = before === null || freeEnergyEv === null ? toNumber(CHANGE.exec(summary)?.[1]) : freeEnergyEv - before
    if (count > 1 && rise !== null && rise > (largestRise?.ev ?? 0)) largestRise = { ev: rise, line, text: quoted(text) }
    if (freeEnergyEv !== null) before = freeEnergyEv
    if (freeEnergyEv === null) {
      const evidence = { file, line, text: quoted(text) }
      diagnoses.push({ kind: 'OUTPUT_UNREADABLE', message: `the energy of ionic step ${ionic} is not a number`, evidence })
    }
    ;[scf, lastChange] = [0, null]
  }

  return {
    feed(block, firstLine) {
      const lineAt = lineCounter(block, firstLine)
      for (const { 0: text, index, groups = {} } of wholeLines(block).matchAll(HITS)) {
        if (groups['columns'] !== undefined) {
          scf += 1
          lastChange = toNumber(groups['columns'].trim().split(/\s+/)[1])
        } else endStep(groups['ionic'] ?? '', groups['summary'] ?? '', lineAt(index), text)
      }
    },
    end: () => ({ steps, stepCount: count, unfinishedScfSteps: scf, largestRise, lastLine, diagnoses, warnings }),
  }
}
