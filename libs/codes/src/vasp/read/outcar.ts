import type { Reader } from '@crystalmath/contract'
import { detached, firstOf, lineCounter, quoted } from '../../reading/hits.ts'
import { findMessages } from './find-messages.ts'
import { isGw, settingNumber } from './ground-state.ts'
import { type OutcarHeader, readHeader } from './outcar-header.ts'
import { ELECTRONIC_RULES, K_POINT_RULE } from './outcar-rules-electronic.ts'
import { END_RULES } from './outcar-rules-end.ts'
import { IONIC_RULES } from './outcar-rules-ionic.ts'
import { RESPONSE_RULES } from './outcar-rules-response.ts'
import { newState, type OutcarState, type Rule } from './outcar-state.ts'
import { momentsOf } from './outcar-step.ts'
import type { LineConsumer } from './outcar-tables.ts'
import type { VaspRun } from './run.ts'
import { lastLine } from './tail.ts'
import { isTelling, quietUntil } from './telling-lines.ts'

const RULES: readonly Rule[] = [...ELECTRONIC_RULES, ...IONIC_RULES, ...RESPONSE_RULES, ...END_RULES]
const find = firstOf(RULES.map(([pattern]) => pattern))
const FIRST_ITERATION = /Iteration +(?:\d+|\*+) *\(|- Ionic step +\d/
const LETTER_V = 118
/** Half of all lines with words, and never a message. */
const K_POINT = ' k-point '
const VERSION = /^ vasp\.(\d\S*)/

/** Reads OUTCAR of VASP 5 and 6, of any size, whole or torn. */
export function outcar(file: string, { full }: { readonly full: boolean }): Reader<VaspRun> {
  const messages = findMessages(file)
  const warnings: string[] = []
  const tail = lastLine()
  let header = readHeader()
  let state = newState(full)
  let inHeader = true
  let version: string | null = null
  let consumer: LineConsumer | undefined

  const startRun = (said: string): void => {
    if (version !== null) {
      warnings.push(`${file}: holds more than one run; the last one is told`)
      ;[header, state, inHeader] = [readHeader(), newState(full), true]
    }
    version = detached(said)
    state.version = version
  }

  const onLine = (text: string, line: () => number): void => {
    const [, said] = text.charCodeAt(1) === LETTER_V ? (VERSION.exec(text) ?? []) : []
    if (said !== undefined) startRun(said)
    if (inHeader) {
      header.line(text)
      if (!FIRST_ITERATION.test(text)) {
        if (text.includes('direct lattice vectors')) consumer = tell(text, line)
        return
      }
      inHeader = false
      state.settings = header.result().settings
    }
    consumer = tell(text, line)
  }

  const tell = (text: string, line: () => number): LineConsumer | undefined => {
    const where = () => ({ file, line: line(), text: quoted(text) })
    const [pattern, onKPoint] = K_POINT_RULE
    const point = text.startsWith(K_POINT) ? pattern.exec(text) : null
    if (point !== null) return onKPoint(state, point.groups ?? {}, where)
    const rule = RULES[find(text)]
    return rule?.[1](state, rule[0].exec(text)?.groups ?? {}, where)
  }

  return {
    feed(block, firstLine) {
      tail.feed(block, firstLine)
      const lineAt = lineCounter(block, firstLine)
      for (let from = 0; from < block.length; ) {
        const newline = block.indexOf('\n', from)
        if (newline === -1) {
          messages.look(block, from, block.length, lineAt) // the numbers of a line without its end may be torn
          return
        }
        const begin = from
        const to = newline > from && block.charCodeAt(newline - 1) === 13 ? newline - 1 : newline
        from = newline + 1
        if (consumer !== undefined) {
          const taken = consumer(block, begin, to)
          if (taken === false) consumer = undefined
          else if (taken !== true) from = taken
        }
        if (consumer !== undefined) continue
        const listening = inHeader && header.listening
        if (listening || isTelling(block, begin, to)) {
          if (!block.startsWith(K_POINT, begin)) messages.look(block, begin, to, lineAt)
          onLine(block.slice(begin, to), () => lineAt(begin))
        } else from = quietUntil(block, from)
      }
    },
    end: () => toRun(state, header.result(), { version, findings: messages.findings(), warnings, lastLine: tail.told() }),
  }
}

function toRun(
  state: OutcarState,
  header: OutcarHeader,
  rest: Pick<VaspRun, 'version' | 'findings' | 'warnings' | 'lastLine'>,
): VaspRun {
  const settings = new Map([...header.settings, ...state.lateSettings])
  const { finished, last, quasiparticles, properties, drifts } = state
  if (quasiparticles.length > 0) properties.quasiparticles = quasiparticles
  const kilobytes =
    state.memoryKilobytes !== null && state.memoryKilobytes > 0 ? state.memoryKilobytes : state.rootMemoryKilobytes
  return {
    ...rest,
    complete: state.complete,
    settings,
    given: header.given,
    species: header.species,
    potentials: header.potentials,
    stepCount: state.stepCount,
    stepsStarted: state.stepsStarted,
    scfStepCounts: state.scfStepCounts,
    steps: state.steps,
    last: last === null || finished?.edges == null ? last : { ...last, bandEdges: finished.edges.result() },
    still: null,
    requiredAccuracyReached: state.requiredAccuracyReached,
    stopped: state.stopped,
    kPointCount: settingNumber(settings, 'NKPTS'),
    kMesh: header.kMesh,
    kPath: header.kPath,
    siteMoments: finished === null ? null : momentsOf(finished),
    siteElectrons: finished?.electrons ?? null,
    mpiRankCount: header.mpiRankCount,
    threadsPerRank: header.threadsPerRank,
    wallSeconds: state.wallSeconds,
    cpuSeconds: state.cpuSeconds,
    maxMemoryMebibytes: kilobytes === null ? null : kilobytes / 1024,
    quasiparticle: quasiparticles.length > 0 || isGw(settings),
    looseEdges: finished === null && quasiparticles.length > 0 ? (state.draft?.edges?.result() ?? null) : null,
    meanDriftEvPerAngstrom: drifts.length < 3 ? null : drifts.reduce((a, b) => a + b, 0) / drifts.length,
    countedElectrons: state.countedElectrons,
    fixed: null,
    dos: null,
    bands: finished?.bands ?? null,
    properties,
    diagnoses: state.diagnoses,
  }
}
