import type { Diagnosis, Matrix3, Reader, Vector3 } from '@crystalmath/contract'
import { detached, quoted } from '../../reading/hits.ts'
import { toNumber } from '../../reading/numbers.ts'
import { largestNorm } from '../../reading/result.ts'
import { decodeNumbers } from './decimals.ts'
import { elementOf } from './elements.ts'
import { isGw } from './ground-state.ts'
import type { Potential, StepSummary, VaspRun, VaspStep } from './run.ts'
import { lastLine } from './tail.ts'
import { CalculationDraft, toCartesian, toMatrix, toVectors } from './vasprun-step.ts'
import { createTables } from './vasprun-tables.ts'
import { attribute, scanXml } from './xml-scanner.ts'

export type VasprunReading = VaspRun

/** Children of `<modeling>`: each heals whatever was left open before it. */
const SECTIONS = new Set(['generator', 'incar', 'primitive_cell', 'kpoints', 'parameters', 'atominfo', 'calculation'])
/** Bulk that no result needs. */
const SKIPPED = new Set([
  'projected',
  'projected_kpoints_opt',
  'electronvelocities',
  'eigenvelocities',
  'conductivity',
  'primitive_cell',
])
const MAX_SETTING = 4_096

type Open = { readonly tag: string; readonly label: string; readonly path: string }

/** Reads vasprun.xml of VASP 5 and 6, whole, torn or broken. */
export function vasprun(file: string, { full }: { readonly full: boolean }): Reader<VasprunReading> {
  const stack: Open[] = []
  let path = ''
  let runs = 0
  let complete = false
  let version: string | null = null
  let settings = new Map<string, string>()
  let incar = new Map<string, string>()
  let species: string[] = []
  let potentials: Potential[] = []
  let cells: string[] = []
  let kDivisions: Vector3 | null = null
  let kGeneration: string | null = null
  let stepsStarted = 0
  let scfStepCounts: number[] = []
  let steps: StepSummary[] = []
  let last: VaspStep | null = null
  let draft: CalculationDraft | null = null
  let energies = new Map<string, string>()
  let flat: number[] = []
  let fixed: boolean[] = []
  let largestEntropy: number | null = null
  let diagnoses: Diagnosis[] = []
  const warnings: string[] = []
  const tail = lastLine()
  let cell: Matrix3 | null = null
  let still: { readonly lattice: Matrix3; readonly positions: readonly Vector3[] } | null = null
  const numbers: number[] = []
  const tables = createTables(full)

  const restart = (): void => {
    runs += 1
    if (runs < 2) return
    warnings.push(`${file}: holds more than one run; the last one is told`)
    ;[complete, version, kDivisions, kGeneration, last, draft, stepsStarted] = [false, null, null, null, null, null, 0]
    ;[settings, incar, species, potentials, scfStepCounts, steps, diagnoses] = [new Map(), new Map(), [], [], [], [], []]
    fixed = []
    largestEntropy = null
    tables.restart()
  }

  const within = (tag: string): boolean => stack.some((open) => open.tag === tag)

  const push = (tag: string, label: string): void => {
    if (SECTIONS.has(tag) && !(tag === 'kpoints' && draft !== null)) stack.length = 0
    if (stack.length > 40) return
    path = stack.length === 0 ? label : `${stack.at(-1)?.path}/${label}`
    stack.push({ tag, label, path })
  }

  const pop = (tag: string): void => {
    const at = stack.findLastIndex((open) => open.tag === tag)
    if (at === -1) return
    stack.length = at
    path = stack.at(-1)?.path ?? ''
  }

  const endVarray = (closing: string, block: string, at: number): void => {
    if (tables.endVarray(closing, flat)) return
    if (draft === null) {
      if (
        closing.endsWith('structure:initialpos/crystal/varray:basis') ||
        closing.endsWith('structure:finalpos/crystal/varray:basis')
      )
        cell = toMatrix(flat)
      else if (cell !== null && /structure:(?:initialpos|finalpos)\/varray:positions$/.test(closing)) {
        const lattice = cell
        const rows = toVectors(flat)
        if (rows !== null) still = { lattice, positions: rows.map((row) => toCartesian(row, lattice)) }
      }
      return
    }
    switch (closing) {
      case 'calculation/structure/crystal/varray:basis':
        draft.lattice = toMatrix(flat)
        break
      case 'calculation/structure/varray:positions':
        draft.fractional = toVectors(flat)
        break
      case 'calculation/varray:forces':
        draft.forces = toVectors(flat)
        draft.forcesUnreadable = flat.length > 0 && draft.forces === null
        if (draft.forcesUnreadable)
          draft.unreadableAt = { line: scan.lineAt(at), text: quoted(block.slice(block.lastIndexOf('\n', at - 2) + 1, at)) }
        break
      case 'calculation/varray:stress':
        draft.stress = toMatrix(flat)
        break
      default:
    }
  }

  const endElectronicStep = (at: number): void => {
    if (draft === null) return
    draft.endElectronicStep(energies)
    if (!draft.inGroundState || !draft.exhausted(settings)) return
    const text = `<i name="e_0_energy">${energies.get('e_0_energy') ?? ''}</i>`
    draft.exhaustedAt = { line: scan.lineAt(at), text: quoted(text) }
  }

  const endCalculation = (block: string, at: number): void => {
    if (draft === null) return
    draft.bandEdges = tables.takeBandEdges()
    const step = draft.finish(settings, version)
    last = step
    if (step.entropyTermEv !== null) largestEntropy = Math.max(largestEntropy ?? 0, Math.abs(step.entropyTermEv))
    scfStepCounts.push(draft.scfCount)
    steps.push({
      freeEnergyEv: step.freeEnergyEv,
      sigmaZeroEnergyEv: step.sigmaZeroEnergyEv,
      scfStepCount: step.scfStepCount,
      temperatureK: null,
      kineticEnergyEv: step.kineticEnergyEv,
      maxForceEvPerAngstrom: largestNorm(step.forcesEvPerAngstrom as Vector3[] | null),
      step: full ? step : null,
    })
    diagnoses = []
    if (draft.unreadableAt !== null) {
      const message = `the forces of step ${steps.length} are not all numbers`
      diagnoses.push({ kind: 'OUTPUT_UNREADABLE', message, evidence: { file, ...draft.unreadableAt } })
    }
    if (step.electronicConverged === false) {
      const message = `the electronic loop of ionic step ${steps.length} ended after ${draft.scfCount} steps without reaching EDIFF`
      diagnoses.push({
        kind: 'ELECTRONIC_NOT_CONVERGED',
        message,
        evidence: { file, ...(draft.exhaustedAt ?? { line: scan.lineAt(at), text: lineOf(block, at) }) },
      })
    }
    draft = null
  }

  /** What the user set, where `<parameters>` does not tell it in full. */
  const addIncar = (): void => {
    for (const [tag, value] of incar) if (!settings.has(tag) || LISTS.has(tag)) settings.set(tag, value)
  }

  const endRow = (): void => {
    if (path === 'atominfo/array:atoms/set/rc') {
      const element = elementOf(cells[0] ?? '')
      species.push(element ?? (cells[0] ?? '').trim())
    } else if (path === 'atominfo/array:atomtypes/set/rc') {
      const title = (cells[4] ?? '').trim()
      potentials.push({
        element: elementOf(cells[1] ?? '') ?? (cells[1] ?? '').trim(),
        title,
        hash: null,
        valence: toNumber(cells[3]),
        atomCount: toNumber(cells[0]),
      })
    }
    cells = []
  }

  const scan = scanXml({
    open(tag, attributes, block, at) {
      if (tag === 'modeling') {
        stack.length = 0
        path = ''
        restart()
        return undefined
      }
      const name = attribute(attributes, 'name')
      if (SKIPPED.has(tag)) return `</${tag}>`
      push(tag, name === undefined ? tag : `${tag}:${detached(name)}`)
      if (tag === 'calculation') {
        if (draft !== null) warnings.push(`${file}: <calculation> ${stepsStarted} is not closed`)
        draft = new CalculationDraft()
        tables.takeBandEdges()
        stepsStarted += 1
      } else if (tag === 'energy') energies = new Map()
      else if (tag === 'varray' || tag === 'set') flat = []
      else if (tag === 'rc') cells = []
      else if (tag === 'structure') draft?.endGroundState()
      else if (path === 'kpoints/generation') kGeneration = detached(attribute(attributes, 'param') ?? '')
      return tables.open(tag, attributes, path, block, at)
    },
    close(tag, block, at) {
      const closing = path
      const top = stack.at(-1)?.tag
      if (tag === 'modeling') {
        complete = true
        return
      }
      if (top === tag) {
        if (tag === 'varray') endVarray(closing, block, at)
        else if (tag === 'rc') endRow()
        else if (tag === 'scstep') endElectronicStep(at)
        else if (tag === 'energy' && closing === 'calculation/energy') draft?.endEnergy(energies)
        else tables.close(tag, closing, flat)
      }
      if (tag === 'parameters') addIncar()
      if (tag === 'calculation') endCalculation(block, at)
      pop(tag)
      if (tag === 'varray' || tag === 'set') flat = []
    },
    leaf(tag, attributes, block, from, to) {
      const name = attribute(attributes, 'name')
      if (tag === 'c') cells.push(detached(block.slice(from, to)))
      else if (path === 'calculation/energy' || path === 'calculation/scstep/energy') {
        if (name !== undefined) energies.set(name, block.slice(from, to))
      } else if (path === 'calculation/dos' && name === 'efermi') {
        const value = decodeNumbers(block, from, to, numbers) === 1 ? (numbers[0] ?? Number.NaN) : Number.NaN
        if (draft !== null && !Number.isNaN(value)) draft.fermiEnergyEv = value
      } else if (path.endsWith('varray:selective') && tag === 'v') {
        if (!within('calculation')) for (const letter of block.slice(from, to).match(/[TF]/g) ?? []) fixed.push(letter === 'F')
      } else if (path === 'generator' && name === 'version')
        version = detached(block.slice(from, to).trim().split(/\s+/)[0] ?? '')
      else if (path === 'kpoints/generation' && name === 'divisions') {
        const count = decodeNumbers(block, from, to, numbers)
        if (count === 3) kDivisions = [numbers[0] ?? 0, numbers[1] ?? 0, numbers[2] ?? 0]
      } else if (name !== undefined && draft === null && to - from <= MAX_SETTING) {
        const table = path === 'incar' ? incar : path.startsWith('parameters') ? settings : undefined
        const tag = detached(name)
        if (table !== undefined && !table.has(tag)) table.set(tag, detached(block.slice(from, to).trim()))
      }
      tables.leaf(tag, name, path, block, from, to)
    },
    row(block, from, to) {
      if (tables.row(block, from, to)) return
      const count = decodeNumbers(block, from, to, numbers)
      for (let i = 0; i < count; i += 1) flat.push(numbers[i] ?? Number.NaN)
    },
  })

  return {
    feed(block, firstLine) {
      tail.feed(block, firstLine)
      scan.feed(block, firstLine)
    },
    end: () => {
      addIncar()
      const { kPoints, kWeights, properties, dos, bands } = tables.finish()
      return {
        version,
        complete,
        lastLine: tail.told(),
        settings,
        given: incar,
        species: species.length > 0 ? species : null,
        potentials,
        stepCount: steps.length,
        stepsStarted,
        scfStepCounts,
        steps,
        last,
        still,
        requiredAccuracyReached: null,
        stopped: false,
        kPointCount: kWeights.length > 0 ? kWeights.length : null,
        kMesh: kDivisions,
        kPath:
          kGeneration === 'listgenerated' ||
          (kPoints.length > 0 && kGeneration === null && new Set(kWeights).size === 1 && kWeights.length > 1),
        siteMoments: null,
        siteElectrons: null,
        mpiRankCount: null,
        threadsPerRank: null,
        wallSeconds: null,
        cpuSeconds: null,
        maxMemoryMebibytes: null,
        quasiparticle: isGw(settings),
        largestEntropyEv: largestEntropy,
        meanDriftEvPerAngstrom: null,
        countedElectrons: null,
        findings: [],
        dos,
        bands,
        fixed: fixed.length === (species.length || -1) * 3 ? toFlags(fixed) : null,
        properties,
        diagnoses,
        warnings,
      }
    },
  }
}

function lineOf(block: string, at: number): string {
  const to = block.indexOf('\n', at)
  return quoted(block.slice(block.lastIndexOf('\n', at) + 1, to === -1 ? block.length : to))
}

/** Tags of which `<parameters>` shows the first entry only. */
const LISTS = new Set(['LDAUU', 'LDAUJ', 'LDAUL', 'MAGMOM'])

const toFlags = (flat: readonly boolean[]): [boolean, boolean, boolean][] => {
  const rows: [boolean, boolean, boolean][] = []
  for (let i = 0; i < flat.length; i += 3) rows.push([flat[i] ?? false, flat[i + 1] ?? false, flat[i + 2] ?? false])
  return rows
}
