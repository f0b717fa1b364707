import { EV_PER_HARTREE, type Structure } from '@crystalmath/contract/plain'
import { hasLattice, kMeshOf } from '@crystalmath/structures'
import { functionalWords, PRESETS } from '../presets.ts'
import { dimensionOf } from './geometry.ts'
import type { CrystalSettings } from './settings.ts'

export type CrystalInput = {
  readonly title: string
  readonly settings: CrystalSettings
  readonly structure: Structure
  readonly basisLines: readonly string[]
  readonly isSpinPolarised: boolean
  /** Whether a wave function of an earlier attempt lies beside the input. */
  readonly readsWaveFunction: boolean
}

/** The text of INPUT: title, geometry, basis, Hamiltonian and SCF. The same content gives the same text. */
export function renderInput(input: CrystalInput): string {
  const { title, settings, structure, basisLines } = input
  return [
    title.replace(/[^\x20-\x7e]+/g, ' ').slice(0, 70) || 'crystalmath',
    'EXTERNAL',
    ...motionLines(settings, structure),
    ...basisLines,
    ...hamiltonianLines(input),
    ...scfLines(input),
    'ENDSCF',
    '',
  ].join('\n')
}

function motionLines(settings: CrystalSettings, { fixed, species }: Structure): readonly string[] {
  const { calculation, optimizationMaxCycles, gradientTolerance, displacementTolerance, finalRun } = settings
  if (calculation === 'scf') return []
  if (calculation === 'frequencies') return ['FREQCALC', 'ENDFREQ']
  const moving = species.flatMap((_, atom) => (fixed?.[atom]?.[0] === true ? [] : [atom + 1]))
  const isFragment = moving.length < species.length
  return [
    'OPTGEOM',
    calculation === 'vc-relax' ? 'FULLOPTG' : 'ATOMONLY',
    ...(isFragment ? ['FRAGMENT', String(moving.length), moving.join(' ')] : []),
    ...valueLines('MAXCYCLE', optimizationMaxCycles),
    ...valueLines('TOLDEG', gradientTolerance),
    ...valueLines('TOLDEX', displacementTolerance),
    ...valueLines('FINALRUN', finalRun),
    'ENDOPT',
  ]
}

const valueLines = (word: string, value: number | undefined): readonly string[] =>
  value === undefined ? [] : [word, /e/.test(String(value)) ? value.toFixed(10).replace(/0+$/, '') : String(value)]

/** Hartree-Fock has no DFT block; its spins are UHF. */
export function hamiltonianLines({
  settings,
  isSpinPolarised,
}: Pick<CrystalInput, 'settings' | 'isSpinPolarised'>): readonly string[] {
  const { functional, dispersion, grid, preset } = settings
  const words = functionalWords(functional) ?? []
  if (words.length === 0) return isSpinPolarised ? ['UHF'] : []
  return [
    'DFT',
    ...words,
    ...(isSpinPolarised ? ['SPIN'] : []),
    grid ?? PRESETS[preset].grid,
    ...valueLines('TOLLDENS', settings.densityToleranceDigits),
    ...valueLines('TOLLGRID', settings.gridToleranceDigits),
    'ENDDFT',
    ...(dispersion == null ? [] : ['DFTD3', ...(dispersion === 'D3ZERO' ? ['VERSION 3'] : []), 'END']),
  ]
}

/** Everything of the last block. */
export function scfLines(input: Omit<CrystalInput, 'title' | 'basisLines'>): readonly string[] {
  const { settings, structure, isSpinPolarised, readsWaveFunction } = input
  const preset = PRESETS[settings.preset]
  const digits = settings.energyToleranceDigits ?? preset.energyToleranceDigits
  return [
    'TOLINTEG',
    (settings.integralTolerances ?? preset.integralTolerances).join(' '),
    'TOLDEE',
    // second derivatives are differences of gradients
    String(settings.calculation === 'frequencies' ? Math.max(10, digits) : digits),
    ...shrinkLines(settings, structure),
    ...(settings.smearingEv === undefined ? [] : ['SMEAR', (settings.smearingEv / EV_PER_HARTREE).toFixed(8)]),
    'MAXCYCLE',
    String(settings.scfMaxCycles),
    'FMIXING',
    String(settings.mixingPercent),
    ...(settings.accelerator === 'none' ? ['NODIIS'] : [settings.accelerator]),
    ...(settings.accelerator === 'BROYDEN' ? [settings.broyden.join(' ')] : []),
    ...(settings.levelShiftHartree === undefined ? [] : ['LEVSHIFT', `${Math.round(settings.levelShiftHartree * 10)} 0`]),
    ...(isSpinPolarised ? spinLines(settings, structure) : []),
    ...(settings.calculation === 'scf' && !settings.keywords.includes('GRADCAL') ? ['GRADCAL'] : []),
    ...settings.keywords.map((line) => line.trim().toUpperCase()),
    ...(readsWaveFunction ? ['GUESSP'] : []),
  ]
}

/** Divisions along each axis, 1 where there is no lattice; none for a molecule. */
export function meshOf(settings: CrystalSettings, structure: Structure): readonly number[] {
  const dimension = dimensionOf(structure)
  if (dimension === 0 || !hasLattice(structure)) return []
  const spacing = settings.kSpacingPerAngstrom ?? PRESETS[settings.preset].kSpacingPerAngstrom
  return (settings.kMesh ?? kMeshOf(structure, spacing)).map((count, axis) => (axis < dimension ? count : 1))
}

/** One factor where all directions have the same, else `0 ISP` and one for each. */
function shrinkLines(settings: CrystalSettings, structure: Structure): readonly string[] {
  const dimension = dimensionOf(structure)
  const mesh = meshOf(settings, structure)
  if (mesh.length === 0) return []
  const largest = Math.max(...mesh)
  const gilat = settings.gilatMesh ?? (settings.smearingEv === undefined ? largest : 2 * largest)
  return mesh.slice(0, dimension).every((count) => count === largest)
    ? ['SHRINK', `${largest} ${gilat}`]
    : ['SHRINK', `0 ${gilat}`, mesh.join(' ')]
}

/** Signs of the initial moments; their size is the SCF's to find. */
function spinLines({ unpairedElectrons, lockCycles }: CrystalSettings, { initialMomentsBohr }: Structure): readonly string[] {
  const spins = (initialMomentsBohr ?? []).flatMap((moment, atom) => (moment === 0 ? [] : [`${atom + 1} ${Math.sign(moment)}`]))
  return [
    ...(spins.length === 0 ? [] : ['ATOMSPIN', String(spins.length), ...spins]),
    ...(unpairedElectrons === undefined ? [] : ['SPINLOCK', `${unpairedElectrons} ${lockCycles}`]),
  ]
}
