import { detached } from '../../../reading/hits.ts'
import { elementOf } from '../words.ts'
import type { Element, Wanted } from './scanner.ts'
import { finishStep } from './snapshots.ts'
import type { Point, Snapshot, XmlState } from './state.ts'
import { countOf, flagOf, matrixIn, numberOf, numbersOf, vectorIn, vectorsIn, wordOf } from './values.ts'

/** Simple values: path → name. */
const NUMBERS: Readonly<Record<string, string>> = {
  'parallel_info/nprocs': 'ranks',
  'parallel_info/nthreads': 'threads',
  'input/electron_control/conv_thr': 'convThr',
  'input/control_variables/etot_conv_thr': 'energyThr',
  'input/control_variables/forc_conv_thr': 'forceThr',
  'input/control_variables/press_conv_thr': 'pressureThr',
  'input/bands/tot_charge': 'charge',
  'output/basis_set/ecutwfc': 'cutoff',
  'output/basis_set/ecutrho': 'densityCutoff',
  'output/band_structure/nbnd': 'bands',
  'output/band_structure/nbnd_up': 'bandsUp',
  'output/band_structure/nbnd_dw': 'bandsDown',
  'output/band_structure/nelec': 'electrons',
  'output/band_structure/fermi_energy': 'fermi',
  'output/band_structure/highestOccupiedLevel': 'highest',
  'output/band_structure/lowestUnoccupiedLevel': 'lowest',
  'output/band_structure/nks': 'kPoints',
  'output/magnetization/total': 'total',
  'output/magnetization/absolute': 'absolute',
  'timing_info/total/wall': 'wall',
  'timing_info/total/cpu': 'cpu',
  exit_status: 'status',
  status: 'status',
}
const WORDS: Readonly<Record<string, string>> = {
  'input/control_variables/calculation': 'calculation',
  'output/dft/functional': 'functional',
  'output/dft/vdW/vdw_corr': 'vdw',
  'output/dft/vdW/non_local_term': 'nonLocal',
  'output/band_structure/occupations_kind': 'occupations',
}
const FLAGS: Readonly<Record<string, string>> = {
  'output/magnetization/lsda': 'lsda',
  'output/magnetization/noncolin': 'noncollinear',
  'output/magnetization/spinorbit': 'spinOrbit',
  'output/convergence_info/opt_conv/convergence_achieved': 'ionic',
  'output/convergence_info/opt_conv/opt_conv/convergence_achieved': 'ionic',
}

/** Which elements are read, and where their values go. */
export function wantedBy(state: XmlState, full: boolean): Wanted {
  const simple: Record<string, (element: Element) => void> = {}
  const keep = <T>(table: Record<string, T>, name: string, value: T | null): void => {
    if (value !== null) table[name] = value
  }
  for (const [path, name] of Object.entries(NUMBERS)) simple[path] = (element) => keep(state.numbers, name, numberOf(element))
  for (const [path, name] of Object.entries(WORDS)) simple[path] = (element) => keep(state.words, name, wordOf(element))
  for (const [path, name] of Object.entries(FLAGS)) simple[path] = (element) => keep(state.flags, name, flagOf(element))
  return {
    ...simple,
    ...snapshotAt('output', () => state.output),
    ...snapshotAt('step', () => state.step),
    ...bandsAt(state),
    step: () => finishStep(state, full),
    'output/atomic_structure': ({ attribute }) => keep(state.numbers, 'alat', numbersOf(attribute('alat') ?? '')?.[0] ?? null),
    'general_info/creator': ({ attribute }) => {
      keep(state.words, 'version', attribute('VERSION'))
      keep(state.words, 'creator', attribute('NAME'))
    },
    'output/atomic_species/species/pseudo_file': ({ text }) =>
      state.pseudopotentials.push({ element: '', title: detached(text.trim()), hash: null }),
    'output/atomic_species/species': ({ attribute }) => {
      const last = state.pseudopotentials.at(-1)
      const label = attribute('name') ?? ''
      if (last?.element === '') last.element = elementOf(label) ?? label
    },
    'output/dft/hybrid': () => {
      state.flags['hybrid'] = true
    },
    'output/magnetization/total_vec': ({ text }) => {
      state.totalVector = vectorIn(text)
    },
    'input/free_positions': ({ text }) => {
      state.freePositions = vectorsIn(text)
    },
  }
}

/** The parts that a step and the final output have in common. */
function snapshotAt(root: 'output' | 'step', snapshot: () => Snapshot): Wanted {
  const convergence = root === 'output' ? 'output/convergence_info/scf_conv' : 'step/scf_conv'
  const set = (members: Partial<Snapshot>): void => void Object.assign(snapshot(), members)
  return {
    [`${convergence}/convergence_achieved`]: (element) => set({ achieved: flagOf(element) }),
    [`${convergence}/n_scf_steps`]: (element) => set({ scfSteps: countOf(element) }),
    [`${convergence}/scf_error`]: (element) => set({ scfError: numberOf(element) }),
    [`${root}/total_energy/etot`]: (element) => set({ total: numberOf(element) }),
    [`${root}/total_energy/demet`]: (element) => set({ demet: numberOf(element) }),
    [`${root}/total_energy/vdW_term`]: (element) => set({ dispersion: numberOf(element) }),
    [`${root}/atomic_structure/atomic_positions/atom`]: ({ text, attribute }) => {
      const position = vectorIn(text)
      if (position === null) return
      snapshot().labels.push((attribute('name') ?? '').trim())
      snapshot().positions.push(position)
    },
    ...Object.fromEntries(
      ['a1', 'a2', 'a3'].map((name) => [
        `${root}/atomic_structure/cell/${name}`,
        ({ text }: Element) => {
          const row = vectorIn(text)
          if (row !== null) snapshot().cell.push(row)
        },
      ]),
    ),
    [`${root}/forces`]: ({ text }) => set({ forces: vectorsIn(text) }),
    [`${root}/stress`]: ({ text }) => set({ stress: matrixIn(text) }),
  }
}

function bandsAt(state: XmlState): Wanted {
  const last = (): Point | undefined => state.points.at(-1)
  return {
    'output/band_structure/two_fermi_energies': ({ text }) => {
      state.fermiUpDown = numbersOf(text)
    },
    'output/band_structure/smearing': ({ text, attribute }) => {
      state.words['smearing'] = text.trim().slice(0, 40)
      const width = numbersOf(attribute('degauss') ?? '')?.[0]
      if (width !== undefined) state.numbers['degauss'] = width
    },
    'output/band_structure/starting_k_points/monkhorst_pack': ({ attribute }) => {
      const mesh = ['nk1', 'nk2', 'nk3'].map((name) => Number(attribute(name) ?? Number.NaN))
      const [a = 0, b = 0, c = 0] = mesh
      if (mesh.every((n) => Number.isInteger(n) && n > 0)) state.mesh = [a, b, c]
    },
    'output/band_structure/ks_energies/k_point': ({ text, attribute }) => {
      state.points.push({
        k: vectorIn(text),
        weight: numbersOf(attribute('weight') ?? '')?.[0] ?? null,
        energies: null,
        occupations: null,
      })
    },
    'output/band_structure/ks_energies/eigenvalues': ({ text }) => {
      const point = last()
      if (point !== undefined) point.energies = numbersOf(text)
    },
    'output/band_structure/ks_energies/occupations': ({ text }) => {
      const point = last()
      if (point !== undefined) point.occupations = numbersOf(text)
    },
  }
}
