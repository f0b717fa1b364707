import type { Vector3 } from '@crystalmath/contract'
import { detached } from '../../reading/hits.ts'
import { toNumber, toNumbers } from '../../reading/numbers.ts'
import { line, type Rule, rows, rule } from '../../reading/scanner.ts'
import type { Context } from './run.ts'
import { newRun } from './run.ts'

/** `1   1 Si  14   1.367182 …`: atom, kind, symbol, number, position, charge, mass. */
const ATOM = /^ *\d+ +\d+ +([A-Z][a-z]?) +\d+ +(-?\d+\.\d+) +(-?\d+\.\d+) +(-?\d+\.\d+) +/

/** What was run, on what, and how it ended. */
export const setupRules = (context: Context): Rule[] => [
  line(/^[* ]+PROGRAM STARTED AT/, () => anotherRun(context)),
  line(/^CP2K\| version string: +CP2K version (\S+)/, ({ captures: [version = ''] }) => {
    context.run.version = detached(version)
  }),
  line(/^GLOBAL\| Run type +(\S+)/, ({ captures: [type = ''] }) => {
    context.run.runType = detached(type)
    if (/OPT$/.test(type)) context.run.optimisation = 'running'
  }),
  line(/^GLOBAL\| Total number of message passing processes +(\d+)/, ({ captures: [count] }) => {
    context.run.mpiRankCount = Number(count)
  }),
  line(/^GLOBAL\| Number of threads for this process +(\d+)/, ({ captures: [count] }) => {
    context.run.threadsPerRank = Number(count)
  }),
  line(/^CELL\| Vector ([abc]) \[angstrom\]?:? +(-?\d.*?) +\|/, ({ captures: [name, words = ''] }) => {
    const [x, y, z] = toNumbers(words) ?? []
    if (x !== undefined && y !== undefined && z !== undefined) context.run.lattice['abc'.indexOf(name ?? 'a')] = [x, y, z]
  }),
  line(/^CELL\| Volume \[angstrom\^3\]:? +(\S+)$/, ({ captures: [volume] }) => {
    context.run.printedVolume = toNumber(volume)
  }),
  line(/^(?:MD_PAR|MD)\| Ensemble [Tt]ype +NP/, () => {
    context.run.cellMoves = true
  }),
  line(/^MD\| Cell volume \[ang\^3\] +(\S+)/, ({ captures: [volume] }) => {
    context.run.volumeAngstrom3 = toNumber(volume)
  }),
  rule(/^MODULE (?:QUICKSTEP|\w+): +ATOMIC COORDINATES IN (?:angstrom|ANGSTROM|Angstrom)/, () => {
    const species: string[] = []
    const positionsAngstrom: Vector3[] = []
    const { run } = context
    const row = (text: string): boolean => {
      const [, symbol, x, y, z] = ATOM.exec(text) ?? []
      if (symbol === undefined) return false
      species.push(detached(symbol))
      positionsAngstrom.push([Number(x), Number(y), Number(z)])
      return true
    }
    return rows(row, 4, () => Object.assign(run, { species, positionsAngstrom }))
  }),
  line(/^- Atoms: +(\d+)$/, ({ captures: [count] }) => {
    context.run.atomCount = Number(count)
  }),
  line(/^DFT\| Spin (unrestricted|restricted)/, ({ captures: [kind] }) => {
    context.run.spinPolarized = kind === 'unrestricted'
  }),
  line(/^DFT\| (Multiplicity|Charge) +(-?\d+)/, ({ captures: [what, value] }) => {
    context.run[what === 'Charge' ? 'charge' : 'multiplicity'] = Number(value)
  }),
  line(/^FUNCTIONAL\| ([A-Z]\w*)(?:[_ ]?\w*):(?: |$)/, ({ captures: [name = ''] }) => {
    if (!context.run.functionals.includes(name)) context.run.functionals.push(detached(name))
  }),
  line(/^HFX_INFO\| (?:FRACTION|Fraction): +(\S+)/, ({ captures: [fraction] }) => {
    context.run.exactExchange = toNumber(fraction)
  }),
  line(/^QS\| Density cutoff \[a\.u\.\]: +(\S+)/, ({ captures: [hartree] }) => {
    context.run.cutoffRydberg = 2 * (toNumber(hartree) ?? Number.NaN)
  }),
  line(/^BRILLOUIN\| K-point scheme +.*|^BRILLOUIN\| Grid +(\d+) +(\d+) +(\d+)/, ({ captures }) => {
    const [a, b, c] = captures.map(Number)
    if (a && b && c) context.run.kMesh = [a, b, c]
  }),
  line(/^Smear method: /, () => {
    context.run.smeared = true
  }),
  line(/^MEMORY\| Estimated peak process memory \[MiB\] +(\d+)/, ({ captures: [value] }) => {
    context.run.maxMemoryMebibytes = Number(value)
  }),
  line(/^CP2K +1 +1\.0 +\S+ +\S+ +\S+ +(\d+\.\d+)$/, ({ captures: [seconds] }) => {
    context.run.wallSeconds = toNumber(seconds)
  }),
  line(
    /^[* ]+PROGRAM ENDED AT/,
    () => {
      context.run.ended = true
    },
    true,
  ),
]

function anotherRun(context: Context): void {
  const { version, runType, diagnoses } = context.run
  if (version === null && runType === null && diagnoses.length === 0) return
  context.run = newRun()
  context.run.warnings.push('the file holds more than one run: the last one is read')
}
