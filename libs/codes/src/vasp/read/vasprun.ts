import type { Reader } from '@crystalmath/contract'
import { detached } from '../../reading/hits.ts'
import { decodeNumbers } from './decimals.ts'
import { isGw } from './ground-state.ts'
import type { VaspRun } from './run.ts'
import { lastLine } from './tail.ts'
import { type CalculationsPart, calculationsPart } from './vasprun-calculations.ts'
import { type DosPart, dosPart } from './vasprun-dos.ts'
import { type EigenvaluesPart, eigenvaluesPart } from './vasprun-eigenvalues.ts'
import { type HeadPart, headPart } from './vasprun-head.ts'
import type { Part, RowSink } from './vasprun-part.ts'
import { type ResponsePart, responsePart } from './vasprun-response.ts'
import { attribute, scanXml } from './xml-scanner.ts'

/** Children of `<modeling>`: each heals whatever was left open before it. */
const SECTIONS = new Set(['generator', 'incar', 'kpoints', 'parameters', 'atominfo', 'calculation'])
/** Children of `<calculation>` alike. */
const STEP_SECTIONS = new Set(['scstep', 'dos'])
/** Bulk that no result needs. */
const SKIPPED = new Set([
  'projected',
  'projected_kpoints_opt',
  'electronvelocities',
  'eigenvelocities',
  'conductivity',
  'primitive_cell',
])
const MAX_DEPTH = 40
const MAX_LABELS = 1_000

type Run = {
  readonly head: HeadPart
  readonly eigenvalues: EigenvaluesPart
  readonly dos: DosPart
  readonly response: ResponsePart
  readonly calculations: CalculationsPart
  readonly parts: readonly Part[]
}

function newRun(file: string, full: boolean, line: () => number): Run {
  const [head, eigenvalues, dos, response] = [headPart(), eigenvaluesPart(full), dosPart(full), responsePart(full)]
  const calculations = calculationsPart({ file, full, head, eigenvalues, dos, line })
  return { head, eigenvalues, dos, response, calculations, parts: [head, calculations, eigenvalues, dos, response] }
}

/** Reads vasprun.xml of VASP 5 and 6, whole, torn or broken. */
export function vasprun(file: string, { full }: { readonly full: boolean }): Reader<VaspRun> {
  const stack: { readonly tag: string; readonly path: string }[] = []
  const warnings: string[] = []
  const labels = new Map<string, Map<string | undefined, string>>()
  const tail = lastLine()
  const words = new Float64Array(64)
  let at = 0
  let run = newRun(file, full, () => scan.lineAt(at))
  const paths = new Map<string, Map<string, string>>()
  let runs = 0
  let complete = false
  let path = ''
  let rows: number[] = []
  let sink: RowSink | undefined

  const gather: RowSink = (numbers, count) => {
    for (let i = 0; i < count; i += 1) rows.push(numbers[i] ?? Number.NaN)
  }

  const restart = (): void => {
    runs += 1
    ;[stack.length, path] = [0, '']
    if (runs < 2) return
    warnings.push(`${file}: holds more than one run; the last one is told`)
    ;[run, complete] = [newRun(file, full, () => scan.lineAt(at)), false]
  }

  const moveTo = (next: string): void => {
    path = next
    sink = undefined
    for (const part of run.parts) sink ??= part.sink?.(path)
  }

  /** The same few labels come again with every step. */
  const labelOf = (tag: string, name: string | undefined): string => {
    const known = labels.get(tag)?.get(name)
    if (known !== undefined) return known
    const label = detached(name === undefined ? tag : `${tag}:${name}`)
    const ofTag = labels.get(tag) ?? new Map<string | undefined, string>()
    if (ofTag.size < MAX_LABELS && labels.size < MAX_LABELS) labels.set(detached(tag), ofTag.set(name && detached(name), label))
    return label
  }

  /** The same string for the same path: parts compare it again and again. */
  const pathOf = (parent: string, label: string): string => {
    const known = paths.get(parent)?.get(label)
    if (known !== undefined) return known
    const next = detached(`${parent}/${label}`)
    const children = paths.get(parent) ?? new Map<string, string>()
    if (children.size < MAX_LABELS && paths.size < MAX_LABELS) paths.set(parent, children.set(label, next))
    return next
  }

  const push = (tag: string, name: string | undefined): void => {
    if (SECTIONS.has(tag) && !(tag === 'kpoints' && run.calculations.inCalculation)) stack.length = 0
    if (STEP_SECTIONS.has(tag) && stack[0]?.tag === 'calculation') stack.length = 1
    if (stack.length > MAX_DEPTH) return
    const label = labelOf(tag, name)
    const parent = stack.at(-1)
    const next = parent === undefined ? label : pathOf(parent.path, label)
    stack.push({ tag, path: next })
    path = next
  }

  const scan = scanXml({
    open(tag, attributes, _block, offset) {
      at = offset
      if (tag === 'modeling') {
        restart()
        return undefined
      }
      if (SKIPPED.has(tag)) return `</${tag}>`
      push(tag, attribute(attributes, 'name'))
      if (tag === 'varray' || tag === 'set') rows = []
      let runTo: string | undefined
      for (const part of run.parts) runTo = part.open?.({ path, tag, attributes }) ?? runTo
      moveTo(path)
      return runTo
    },
    close(tag, _block, offset) {
      at = offset
      if (tag === 'modeling') {
        complete = true
        return
      }
      const index = stack.findLastIndex((open) => open.tag === tag)
      const closed = stack[index]
      if (closed === undefined) return
      // An inner element that was never closed is dropped, but a calculation counts once it is closed.
      if (index === stack.length - 1 || tag === 'calculation') for (const part of run.parts) part.close?.(closed.path, rows)
      stack.length = index
      if (tag === 'varray' || tag === 'set') rows = []
      moveTo(stack.at(-1)?.path ?? '')
    },
    leaf(tag, attributes, block, from, to) {
      const name = attribute(attributes, 'name') ?? tag
      const text = (): string => block.slice(from, to)
      for (const part of run.parts) part.leaf?.(path, name, text)
    },
    row(block, from, to) {
      const count = decodeNumbers(block, from, to, words)
      ;(sink ?? gather)(words, count)
    },
  })

  return {
    feed(block, firstLine) {
      tail.feed(block, firstLine)
      scan.feed(block, firstLine)
    },
    end: () => toRun(run, { complete, warnings, lastLine: tail.told() }),
  }
}

function toRun(
  { head, eigenvalues, dos, response, calculations }: Run,
  rest: Pick<VaspRun, 'complete' | 'warnings' | 'lastLine'>,
): VaspRun {
  const { kGeneration, species, ...told } = head.head()
  const { kWeights } = eigenvalues
  const evenList = kGeneration === null && kWeights.length > 1 && new Set(kWeights).size === 1
  return {
    ...rest,
    ...told,
    species: species.length > 0 ? species : null,
    stepCount: calculations.steps.length,
    stepsStarted: calculations.stepsStarted,
    scfStepCounts: calculations.scfStepCounts,
    steps: calculations.steps,
    last: calculations.last,
    requiredAccuracyReached: null,
    stopped: false,
    kPointCount: kWeights.length > 0 ? kWeights.length : null,
    kPath: kGeneration === 'listgenerated' || evenList,
    siteMoments: null,
    siteElectrons: null,
    mpiRankCount: null,
    threadsPerRank: null,
    wallSeconds: null,
    cpuSeconds: null,
    maxMemoryMebibytes: null,
    quasiparticle: isGw(told.settings),
    looseEdges: null,
    meanDriftEvPerAngstrom: null,
    countedElectrons: null,
    findings: [],
    dos: dos.dos(),
    bands: eigenvalues.bands(),
    properties: response.properties,
    diagnoses: calculations.diagnoses,
  }
}
