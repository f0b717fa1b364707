import type { Structure } from '@crystalmath/contract'
import { BASE, GUESS } from '../command.ts'
import { CALCULATIONS, hasOwnDispersion, isComposite, protocolOf, SCF_STRATEGIES } from '../presets.ts'
import { presetBasisLines } from './basis.ts'
import type { OrcaSettings } from './settings.ts'
import { SIMPLE_WORDS } from './simple-words.ts'

export type OrcaInput = {
  readonly settings: OrcaSettings
  readonly structure: Structure
  readonly multiplicity: number
  readonly ranks: number
  /** MiB per rank; null: ORCA's own default. */
  readonly maxCore: number | null
  /** Whether orbitals of an earlier attempt lie beside the input. */
  readonly readsOrbitals: boolean
}

/** The text of an input for ORCA: the same content gives the same text, byte for byte. */
export function renderOrcaInput(input: OrcaInput): string {
  const { settings, structure, multiplicity, ranks, maxCore, readsOrbitals } = input
  return [
    `! ${wordsOf(input).join(' ')}`,
    `%base "${BASE}"`,
    ...(ranks > 1 ? [`%pal nprocs ${ranks} end`] : []),
    ...(maxCore === null ? [] : [`%maxcore ${maxCore}`]),
    ...(readsOrbitals ? [`%moinp "${GUESS}"`] : []),
    ...blockLines(blocksOf(settings, structure)),
    `* xyz ${settings.charge} ${multiplicity}`,
    ...structure.positionsAngstrom.map(
      (row, atom) =>
        `${(structure.species[atom] ?? '').padEnd(2)} ${row.map((value) => value.toFixed(12).padStart(18)).join(' ')}`,
    ),
    '*',
    '',
  ].join('\n')
}

function wordsOf({ settings, readsOrbitals }: OrcaInput): readonly string[] {
  const preset = protocolOf(settings.preset)
  const method = settings.method ?? preset.method
  const basis = settings.basis ?? (isComposite(method) ? '' : preset.basis || 'def2-TZVP')
  const given = settings.dispersion
  const dispersion =
    given === undefined ? (settings.method === undefined && !hasOwnDispersion(method) ? preset.dispersion : null) : given
  const convergence = settings.scfConvergence ?? preset.scfConvergence
  const words = [
    ...[
      method,
      basis,
      settings.auxiliaryBasis ?? (settings.basis === undefined ? preset.auxiliaryBasis : undefined) ?? '',
      dispersion ?? '',
    ],
    ...CALCULATIONS[settings.calculation],
    convergence === null ? '' : `${convergence}SCF`,
    ...SCF_STRATEGIES[settings.scfStrategy],
    ...(settings.solvent?.model === 'CPCM' ? [`CPCM(${settings.solvent.name})`] : []),
    ...(preset.keywords ?? []),
    ...settings.keywords,
    ...(readsOrbitals ? ['MORead'] : []),
  ].filter((word) => word !== '')
  return [...new Map(words.map((word) => [word.toLowerCase(), SIMPLE_WORDS.get(word.toLowerCase()) ?? word] as const)).values()]
}

type Lines = readonly string[]

/** The user's blocks with what the parameters add to them. */
function blocksOf(settings: OrcaSettings, { fixed, species }: Structure): ReadonlyMap<string, Lines> {
  const { blocks, scfMaxIterations, optimizationMaxSteps, solvent, preset } = settings
  const all = new Map<string, Lines>()
  const add = (name: string, lines: Lines) => lines.length > 0 && all.set(name, [...(all.get(name) ?? []), ...lines])
  for (const [name, lines] of Object.entries(protocolOf(preset).blocks ?? {}))
    if (name !== 'basis')
      add(
        name,
        lines.map((line) => `  ${line}`),
      )
  add(
    'basis',
    presetBasisLines(settings, species).map((line) => `  ${line}`),
  )
  for (const [name, value] of Object.entries(blocks)) add(name.toLowerCase(), settingLines(value))
  const held = species.flatMap((_, atom) => (fixed?.[atom]?.[0] === true ? [`    { C ${atom} C }`] : []))
  add('scf', scfMaxIterations === undefined ? [] : [`  MaxIter ${scfMaxIterations}`])
  add('geom', optimizationMaxSteps === undefined ? [] : [`  MaxIter ${optimizationMaxSteps}`])
  add('geom', held.length === 0 ? [] : ['  Constraints', ...held, '  end'])
  add('cpcm', solvent?.model === 'SMD' ? ['  smd true', `  SMDsolvent "${solvent.name}"`] : [])
  return all
}

const settingLines = (value: unknown): Lines =>
  Array.isArray(value)
    ? value.map((line) => `  ${String(line).trim()}`)
    : Object.entries(value as Readonly<Record<string, unknown>>).map(([name, one]) => `  ${name} ${String(one)}`)

const blockLines = (blocks: ReadonlyMap<string, Lines>): Lines =>
  [...blocks].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([name, lines]) => [`%${name}`, ...lines, 'end'])
