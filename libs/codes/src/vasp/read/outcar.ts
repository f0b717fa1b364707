import type { Bands, Diagnosis, Properties, Quasiparticle, Reader, Vector3 } from '@crystalmath/contract'
import { ANGSTROM_PER_BOHR, DEBYE_PER_E_BOHR } from '@crystalmath/contract'
import { detached, hits, lineCounter, quoted } from '../../reading/hits.ts'
import { toNumber } from '../../reading/numbers.ts'
import { largestNorm } from '../../reading/result.ts'
import { decodeNumbers, toVector } from './decimals.ts'
import { elasticProperties } from './elastic.ts'
import { isGw, settingFlag, settingNumber } from './ground-state.ts'
import { findMessages } from './messages.ts'
import { readHeader } from './outcar-header.ts'
import { finishStep, freshEdges, momentsOf, newDraft, type StepDraft } from './outcar-step.ts'
import { bandTable, bornTable, elasticTable, forceTable, ionTable, type LineConsumer, matrixTable } from './outcar-tables.ts'
import type { StepSummary, VaspRun, VaspStep } from './run.ts'

const HITS = hits([
  /(?<=^ )vasp\.(?<version>\d\S*)/,
  /Iteration +(?<ionic>\d+|\*+) *\( *(?<electronic>\d+|\*+)\)/,
  /aborting loop (?<loop>[^\n]*)/,
  /free energy {4}TOTEN += *(?<electronicFree>[^\s]+)/,
  /entropy T\*S +EENTRO = *(?<entropy>\S+)/,
  /free {2}energy (?<learned>ML| ) *TOTEN += *(?<free>\S+)/,
  /energy {2}without entropy= *(?<without>\S+) +(?:ML )?energy\(sigma->0\) = *(?<zero>[^\n]*)/,
  /(?<lattice>direct lattice vectors) /,
  /in kB +(?<stress>[^\n]*)/,
  /POSITION +(?<forces>TOTAL-FORCE)/,
  /total drift: *(?<drift>[^\n]*)/,
  /E-fermi : *(?<fermi>\S+) +XC/,
  /spin component (?<spin>\d)/,
  /(?<=^ )k-point +\d+ : *(?<kPoint>[^\n]*)/,
  /number of electron +(?<electrons>\S+) magnetization(?<magnetization>[^\n]*)/,
  /magnetization \((?<moments>[xyz])\)/,
  /(?<=^ )total (?<charge>charge) *$/,
  /kinetic energy EKIN += *(?<kinetic>\S+)/,
  /\(temperature +(?<temperature>\S+) K\)/,
  /Edisp \(eV\):? *(?<dispersion>\S+)/,
  /Estimated vdW energy \(eV\): *(?<vdw>\S+)/,
  /reached required accuracy(?<reached>)/,
  /(?<stop>soft|hard) stop encountered/,
  /dipolmoment +(?<dipole>[^\n]*?) +electrons x Angstroem/,
  /MACROSCOPIC STATIC DIELECTRIC TENSOR (?<dielectric>[^\n]*)/,
  /BORN EFFECTIVE CHARGES (?<born>[^\n]*)/,
  /Eigenvectors (?<modes>and eigenvalues of the dynamical matrix|after division by SQRT)/,
  /(?<=f(?<imaginary>\/i)? *= [^\n]{1,60})2PiTHz +(?<perCm>\S+) cm-1/,
  /(?<elastic>TOTAL|SYMMETRIZED) ELASTIC MODULI \(kBar\)/,
  /QP shifts (?<quasi><psi_nk)/,
  /MDALGO *= *(?<mdalgo>\d+)/,
  /General timing and accounting(?<end>)/,
  /Elapsed time \(sec\): *(?<wall>\S+)/,
  /Total CPU time used \(sec\): *(?<cpu>\S+)/,
  /Maximum memory used \(kb\): *(?<memory>\S+)/,
  /total amount of memory used by VASP (?:on root node|MPI-rank0) *(?<rootMemory>\S+) *kBytes/,
])

const MAX_STEPS = 1_000_000
const MAX_QUASIPARTICLES = 200_000
/** e·Å to debye. */
const DEBYE_PER_E_ANGSTROM = DEBYE_PER_E_BOHR / ANGSTROM_PER_BOHR

type Groups = Readonly<Record<string, string | undefined>>

/** Reads OUTCAR of VASP 5 and 6, of any size, whole or torn. */
export function outcar(file: string, { full }: { readonly full: boolean }): Reader<VaspRun> {
  let header = readHeader()
  let settings: Map<string, string> = new Map()
  let inHeader = true
  let version: string | null = null
  let runs = 0
  let complete = false
  let draft: StepDraft | null = null
  let lastDraft: StepDraft | null = null
  let last: VaspStep | null = null
  let ionicFree: number | null = null
  let stepsStarted = 0
  let stepCount = 0
  let steps: StepSummary[] = []
  let scfStepCounts: number[] = []
  let drifts: number[] = []
  let reached = false
  let stopped = false
  let largestEntropy: number | null = null
  let counted: number | null = null
  let spin = 0
  let kPointIndex = 0
  let modes: number[] | null = null
  let lattice: StepDraft['lattice'] = null
  let quasiparticles: Quasiparticle[] = []
  let properties: Properties = {}
  let wall: number | null = null
  let cpu: number | null = null
  let memory: number | null = null
  let rootMemory: number | null = null
  let diagnoses: Diagnosis[] = []
  const warnings: string[] = []
  let consumer: LineConsumer | null = null
  const messages = findMessages(file)
  const words = new Float64Array(8)

  const restart = (): void => {
    runs += 1
    if (runs < 2) return
    warnings.push(`${file}: holds more than one run; the last one is told`)
    ;[header, inHeader, complete, draft, lastDraft, last, ionicFree] = [readHeader(), true, false, null, null, null, null]
    ;[steps, scfStepCounts, drifts, quasiparticles, properties, diagnoses] = [[], [], [], [], {}, []]
    ;[stepsStarted, stepCount, reached, stopped, largestEntropy, counted, modes, lattice] = [
      0,
      0,
      false,
      false,
      null,
      null,
      null,
      null,
    ]
    ;[wall, cpu, memory, rootMemory] = [null, null, null, null]
  }

  /** Where a quantity belongs: the step in progress, else the one just finished. */
  const current = (): StepDraft | null => draft ?? lastDraft

  const iteration = (ionicText: string, electronicText: string): void => {
    if (inHeader) {
      inHeader = false
      settings = header.result().settings
    }
    const electronic = toNumber(electronicText)
    const ionic = toNumber(ionicText) ?? (electronic === 1 ? (current()?.ionic ?? 0) + 1 : (current()?.ionic ?? 1))
    if (draft === null && lastDraft !== null && lastDraft.ionic === ionic) return
    if (draft === null || draft.ionic !== ionic) {
      draft = newDraft(ionic, lattice)
      stepsStarted += 1
    }
    draft.scfCount += 1
  }

  const endStep = (zero: number | null, learned: boolean, line: number, text: string): void => {
    if (draft === null && (lastDraft === null || learned)) draft = newDraft((lastDraft?.ionic ?? 0) + 1, lattice)
    if (draft === null) return
    draft.machineLearned = learned
    const step = finishStep(draft, settings, { free: ionicFree, zero })
    stepCount += 1
    last = step
    lastDraft = draft
    if (draft.entropy !== null) largestEntropy = Math.max(largestEntropy ?? 0, Math.abs(draft.entropy))
    if (draft.drift !== null) drifts = [...drifts.slice(-2), draft.drift]
    scfStepCounts.push(draft.scfCount)
    if (steps.length >= MAX_STEPS) steps.shift()
    steps.push(summaryOf(step, full))
    diagnoses = []
    const say = (kind: string, message: string): void =>
      void diagnoses.push({ kind, message, evidence: { file, line, text: quoted(text) } })
    if (zero === null) say('OUTPUT_UNREADABLE', `the energy of ionic step ${stepCount} is not a number`)
    if (step.electronicConverged === false) {
      const why = draft.ended === 'reached' ? 'used up NELM' : 'did not reach EDIFF'
      diagnoses.push({
        kind: 'ELECTRONIC_NOT_CONVERGED',
        message: `the electronic loop of ionic step ${stepCount} ${why} (${draft.scfCount} steps)`,
        evidence: draft.endedAt ?? { file, line, text: quoted(text) },
      })
    }
    if (draft.forcesUnreadable !== null) diagnoses.push(draft.forcesUnreadable)
    draft = null
    ionicFree = null
  }

  const refresh = (): void => {
    if (draft !== null || lastDraft === null || last === null) return
    last = { ...last, kineticEnergyEv: lastDraft.kinetic, temperatureK: lastDraft.temperature }
    const summary = steps.at(-1)
    if (summary !== undefined)
      steps[steps.length - 1] = { ...summary, kineticEnergyEv: lastDraft.kinetic, temperatureK: lastDraft.temperature }
  }

  const fullOccupation = (): number => (settings.get('ISPIN') === '1' && settingFlag(settings, 'LNONCOLLINEAR') !== true ? 2 : 1)

  const startBands = (text: string): LineConsumer | null => {
    const step = current()
    if (step === null || inHeader) return null
    step.edges ??= freshEdges()
    step.edges.startKPoint(spin)
    kPointIndex += 1
    const point = toVector(text) ?? [0, 0, 0]
    const bands = full ? bandsOf(step) : null
    if (bands !== null && spin === 0) bands.kPoints.push(point)
    const [energies, occupations]: [number[], number[]] = [[], []]
    ;(bands?.eigenvaluesEv[spin] ?? addSpin(bands?.eigenvaluesEv, spin))?.push(energies)
    ;(bands?.occupations?.[spin] ?? addSpin(bands?.occupations, spin))?.push(occupations)
    const keep = (energy: number, occupation: number): void => {
      if (bands === null) return
      energies.push(energy)
      occupations.push(occupation)
    }
    const index = kPointIndex
    return bandTable(fullOccupation(), step.edges, keep, (row) => {
      if (quasiparticles.length < MAX_QUASIPARTICLES) quasiparticles.push({ kPointIndex: index, spin, ...row })
    })
  }

  const inLoop = (groups: Groups): boolean => {
    if (groups['electronicFree'] !== undefined) {
      if (draft !== null) [draft.before, draft.free] = [draft.free, toNumber(groups['electronicFree'])]
    } else if (groups['entropy'] !== undefined) {
      if (draft !== null) draft.entropy = toNumber(groups['entropy'])
    } else if (groups['electrons'] !== undefined) {
      const step = draft
      if (step !== null) {
        counted = toNumber(groups['electrons'])
        const text = groups['magnetization'] ?? ''
        const count = decodeNumbers(text, 0, text.length, words)
        step.magnetization = [...words.slice(0, Math.min(count, 3))].filter((n) => !Number.isNaN(n))
      }
    } else if (groups['fermi'] !== undefined) {
      const step = current()
      if (step === null) return true
      step.fermi = toNumber(groups['fermi'])
      ;[step.edges, step.bands, spin, kPointIndex] = [freshEdges(), null, 0, 0]
    } else if (groups['spin'] !== undefined) [spin, kPointIndex] = [Number(groups['spin']) - 1, 0]
    else if (groups['kPoint'] !== undefined) consumer = startBands(groups['kPoint'])
    else return false
    return true
  }

  const inStep = (groups: Groups): boolean => {
    const step = current()
    if (groups['lattice'] !== undefined) {
      consumer = matrixTable((matrix) => {
        lattice = matrix
        if (draft !== null) draft.lattice = matrix
      })
    } else if (groups['stress'] !== undefined) {
      if (draft !== null) draft.stress = stressOf(groups['stress'])
    } else if (groups['forces'] !== undefined) return true
    else if (groups['drift'] !== undefined) {
      const drift = toVector(groups['drift'])
      if (draft !== null && drift !== null) draft.drift = Math.hypot(...drift)
    } else if (groups['moments'] !== undefined) {
      const axis = groups['moments']
      consumer = ionTable((sums) => void step?.moments.set(axis, sums))
    } else if (groups['charge'] !== undefined) {
      consumer = ionTable((sums) => {
        if (step !== null) step.electrons = sums
      })
    } else if (groups['kinetic'] !== undefined && step !== null) {
      step.kinetic = toNumber(groups['kinetic'])
      refresh()
    } else if (groups['temperature'] !== undefined && step !== null) {
      step.temperature = toNumber(groups['temperature'])
      refresh()
    } else if ((groups['dispersion'] ?? groups['vdw']) !== undefined) {
      if (draft !== null) draft.dispersion = toNumber(groups['dispersion'] ?? groups['vdw'])
    } else return false
    return true
  }

  const keep = (found: Properties): void => void Object.assign(properties, found)

  const inResponse = (groups: Groups): boolean => {
    if (groups['dielectric'] !== undefined) {
      const which = groups['dielectric']
      if (which.startsWith('IONIC')) consumer = matrixTable((dielectricTensorIonic) => keep({ dielectricTensorIonic }))
      else if (/including local field effects(?: in DFT)?\)/.test(which))
        consumer = matrixTable((dielectricTensor) => keep({ dielectricTensor }))
    } else if (groups['born'] !== undefined) {
      if (!groups['born'].includes('excluding')) consumer = bornTable((bornCharges) => keep({ bornCharges }))
    } else if (groups['modes'] !== undefined) modes = groups['modes'].startsWith('and') ? [] : null
    else if (groups['perCm'] !== undefined) {
      const perCm = toNumber(groups['perCm'])
      if (modes !== null && perCm !== null) {
        modes.push(groups['imaginary'] === undefined ? perCm : -perCm)
        properties.vibrationalFrequenciesPerCm = [...modes].sort((a, b) => a - b)
      }
    } else if (groups['elastic'] !== undefined) {
      const relaxed = groups['elastic'] === 'TOTAL'
      consumer = elasticTable((rows) => keep(elasticProperties(rows, relaxed)))
    } else if (groups['quasi'] !== undefined) {
      quasiparticles = []
      kPointIndex = 0
      if (current() === null) draft = newDraft(1, lattice)
      const step = current()
      if (step !== null) step.edges = freshEdges()
    } else if (groups['dipole'] !== undefined) {
      const dipole = toVector(groups['dipole'])
      if (dipole !== null) properties.dipoleDebye = dipole.map((value) => value * DEBYE_PER_E_ANGSTROM) as Vector3
    } else return false
    return true
  }

  const atEnd = (groups: Groups): void => {
    if (groups['end'] !== undefined) complete = true
    else if (groups['wall'] !== undefined) wall = toNumber(groups['wall'])
    else if (groups['cpu'] !== undefined) cpu = toNumber(groups['cpu'])
    else if (groups['memory'] !== undefined) memory = toNumber(groups['memory']?.replace(/\.$/, ''))
    else if (groups['rootMemory'] !== undefined) rootMemory = toNumber(groups['rootMemory']?.replace(/\.$/, ''))
    else if (groups['reached'] !== undefined) reached = true
    else if (groups['stop'] !== undefined) stopped = true
    else if (groups['mdalgo'] !== undefined) header.set('MDALGO', groups['mdalgo'])
  }

  const feedHits = (block: string, firstLine: number): void => {
    const lineAt = lineCounter(block, firstLine)
    let headerFrom = 0
    let at = 0
    while (at < block.length) {
      if (consumer !== null) {
        const newline = block.indexOf('\n', at)
        const to = newline === -1 ? block.length : newline
        if (consumer(block, at, to)) {
          at = to + 1
          continue
        }
        consumer = null
      }
      HITS.lastIndex = at
      const hit = HITS.exec(block)
      if (hit === null) break
      const groups: Groups = hit.groups ?? {}
      const { index } = hit
      at = index + hit[0].length
      if (groups['version'] !== undefined) {
        if (inHeader) header.feed(block, headerFrom, index)
        headerFrom = index
        restart()
        version = detached(groups['version'])
      } else if (groups['ionic'] !== undefined) {
        if (inHeader) header.feed(block, headerFrom, index)
        iteration(groups['ionic'], groups['electronic'] ?? '')
      } else if (groups['loop'] !== undefined) {
        if (draft !== null) {
          draft.ended = groups['loop'].startsWith('because EDIFF is reached') ? 'reached' : 'not reached'
          draft.endedAt = { file, line: lineAt(index), text: quoted(hit[0]) }
        }
      } else if (groups['forces'] !== undefined) consumer = forcesConsumer(lineAt(index), hit[0])
      else if (groups['free'] !== undefined) {
        ionicFree = toNumber(groups['free'])
        if (groups['learned'] === 'ML' && draft === null) draft = newDraft((lastDraft?.ionic ?? 0) + 1, lattice)
      } else if (groups['zero'] !== undefined) endStep(toNumber(groups['zero']), hit[0].includes('ML '), lineAt(index), hit[0])
      else if (!inLoop(groups) && !inStep(groups) && !inResponse(groups)) atEnd(groups)
      if (consumer !== null) {
        const newline = block.indexOf('\n', at)
        at = newline === -1 ? block.length : newline + 1
      }
    }
    if (inHeader) header.feed(block, headerFrom, block.length)
  }

  const forcesConsumer = (line: number, text: string): LineConsumer =>
    forceTable((positions, forces) => {
      if (draft === null && lastDraft !== null) draft = newDraft(lastDraft.ionic + 1, lattice)
      const step = draft
      if (step === null) return
      ;[step.positions, step.forces] = [positions, forces]
      const message = `the forces of ionic step ${stepCount + 1} are not all numbers`
      step.forcesUnreadable =
        forces === null ? { kind: 'OUTPUT_UNREADABLE', message, evidence: { file, line, text: quoted(text) } } : null
    })

  return {
    feed(block, firstLine) {
      messages.feed(block, firstLine)
      feedHits(block, firstLine)
    },
    end: () => {
      const { given, potentials, species, mpiRankCount, threadsPerRank, kMesh, kPath, settings: told } = header.result()
      if (quasiparticles.length > 0) properties.quasiparticles = quasiparticles
      const kilobytes = memory !== null && memory > 0 ? memory : rootMemory
      return {
        version,
        complete,
        settings: told,
        given,
        species,
        potentials,
        stepCount,
        stepsStarted,
        scfStepCounts,
        steps,
        last: last === null || lastDraft?.edges == null ? last : { ...last, bandEdges: lastDraft.edges.result() },
        still: null,
        requiredAccuracyReached: reached,
        stopped,
        kPointCount: settingNumber(told, 'NKPTS'),
        kMesh,
        kPath,
        siteMoments: lastDraft === null ? null : momentsOf(lastDraft),
        siteElectrons: lastDraft?.electrons ?? null,
        mpiRankCount,
        threadsPerRank,
        wallSeconds: wall,
        cpuSeconds: cpu,
        maxMemoryMebibytes: kilobytes === null ? null : kilobytes / 1024,
        quasiparticle: quasiparticles.length > 0 || isGw(told),
        largestEntropyEv: largestEntropy,
        meanDriftEvPerAngstrom: drifts.length < 3 ? null : drifts.reduce((a, b) => a + b, 0) / drifts.length,
        countedElectrons: counted,
        findings: messages.findings(),
        fixed: null,
        dos: null,
        bands: lastDraft?.bands ?? null,
        properties,
        method: {},
        diagnoses,
        warnings,
      }
    },
  }
}

const addSpin = <T>(table: T[][][] | undefined, spin: number): T[][] | undefined => {
  if (table === undefined) return undefined
  table[spin] ??= []
  return table[spin]
}

function bandsOf(step: StepDraft): Bands {
  step.bands ??= { kPoints: [], eigenvaluesEv: [], occupations: [], fermiEnergyEv: step.fermi }
  return step.bands
}

/** XX YY ZZ XY YZ ZX in kB; null if one is no number. */
function stressOf(text: string): VaspStep['stressKilobar'] {
  const six: number[] = []
  if (decodeNumbers(text, 0, text.length, six) !== 6 || six.some(Number.isNaN)) return null
  const [xx = 0, yy = 0, zz = 0, xy = 0, yz = 0, zx = 0] = six
  return [
    [xx, xy, zx],
    [xy, yy, yz],
    [zx, yz, zz],
  ]
}

const summaryOf = (step: VaspStep, full: boolean): StepSummary => ({
  freeEnergyEv: step.freeEnergyEv,
  sigmaZeroEnergyEv: step.sigmaZeroEnergyEv,
  scfStepCount: step.scfStepCount,
  temperatureK: step.temperatureK,
  kineticEnergyEv: step.kineticEnergyEv,
  maxForceEvPerAngstrom: step.forcesEvPerAngstrom === null ? null : largestNorm([...step.forcesEvPerAngstrom]),
  step: full ? step : null,
})
