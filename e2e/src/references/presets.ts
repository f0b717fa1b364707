import { writesOf } from '@crystalmath/codes'
import { ClusterCode, JobRequest, type Preparation, type PseudopotentialFile, Resources } from '@crystalmath/contract'
import { CRYSTALS, type Crystal } from './crystals.ts'
import { askPython, type Compared, referencePython } from './python.ts'

type Value = string | number | boolean | readonly Value[] | { readonly [name: string]: Value }
type Rendered = {
  readonly incar: Readonly<Record<string, Value>>
  readonly kpoints: { readonly mesh: readonly number[]; readonly gamma: boolean } | null
  readonly variants: Readonly<Record<string, string>>
}

/** How ranks share the work, which quacc derives from the machine that it runs on: no part of a rendering. */
const PARALLEL = new Set(['NCORE', 'NPAR', 'KPAR'])

/** Presets under names of other programs against those programs: INCAR key by key, KPOINTS, POTCAR variants. */
export function comparePresets(say: (line: string) => void): Compared {
  const sent = CRYSTALS.map(({ structure }) => ({
    lattice: structure.latticeAngstrom,
    species: structure.species,
    positions: structure.positionsAngstrom,
    moments: structure.initialMomentsBohr ?? null,
  }))
  const answers = askPython(referencePython(say), 'presets.py', sent) as readonly Readonly<Record<string, Rendered>>[]
  let cases = 0
  let different = 0
  for (const [index, crystal] of CRYSTALS.entries())
    for (const [name, theirs] of Object.entries(answers[index] ?? {})) {
      const [preset = '', calculation = ''] = name.split(' ')
      const faults = faultsOf(ours(crystal, preset, calculation), theirs)
      cases += 1
      if (faults.length > 0) different += 1
      say(`${faults.length === 0 ? 'same' : 'DIFFERENT'}  ${name}: ${crystal.name}: ${Object.keys(theirs.incar).length} keys`)
      for (const fault of faults) say(`    ${fault}`)
    }
  return { cases, different }
}

const VARIANTS = ['', '_sv', '_pv', '_d', '_h', '_2', '_3', '_GW', '_sv_GW']

/** A library that has every variant of every release: which one is taken is the question. */
const library = (elements: readonly string[]): PseudopotentialFile[] =>
  ['potpaw_PBE', 'potpaw_PBE.64'].flatMap((release) =>
    elements.flatMap((element) =>
      VARIANTS.map((variant) => ({
        fileName: `${release}/${element}${variant}/POTCAR`,
        element,
        kind: 'PAW' as const,
        functional: 'PBE',
        valenceElectrons: 12,
        cutoffRydberg: 30,
        densityCutoffRydberg: null,
        relativistic: 'scalar' as const,
        md5: '',
      })),
    ),
  )

function ours({ structure }: Crystal, preset: string, calculation: string): Rendered {
  const parameters = { preset, calculation }
  const request = JobRequest.parse({ project: 'trials', cluster: 'none', code: 'vasp', parameters })
  const inventory = {
    ...{ checkedAt: '2026-01-01T00:00:00Z', schedulerVersion: null, partitions: [], maxArraySize: null, minJobAgeSeconds: null },
    ...{ killWaitSeconds: null, accounting: true, clockOffsetSeconds: 0, freeMebibytes: null, findings: [] },
    pseudopotentials: { vasp: library([...new Set(structure.species)]) },
  }
  const clusterCode = ClusterCode.parse({ pseudopotentialFolder: '/sw' })
  const task = {
    request,
    structure,
    parameters,
    resources: Resources.parse(request.resources),
    clusterCode,
    inventory,
    restart: null,
  }
  const prepared = writesOf('vasp')?.prepare(task)
  if (prepared === undefined || !prepared.ok) throw new Error(`${preset}: ${JSON.stringify(prepared)}`)
  return read(prepared.preparation)
}

/** What was written, from the text of the files themselves. */
function read({ files, clusterFiles }: Preparation): Rendered {
  const text = (path: string) => files.find((file) => file.path === path)?.text
  const [, , , , , names = '', counts = ''] = (text('POSCAR') ?? '').split('\n')
  const symbols = names.trim().split(/\s+/)
  const species = counts
    .trim()
    .split(/\s+/)
    .flatMap((count, kind) => Array.from({ length: Number(count) }, () => symbols[kind] ?? ''))
  const lines = (text('INCAR') ?? '')
    .trim()
    .split('\n')
    .map((line) => line.split(' = '))
  const kpoints = text('KPOINTS')?.split('\n')
  return {
    incar: Object.fromEntries(lines.map(([key = '', value = '']) => [key, readValue(key, value, { symbols, species })])),
    kpoints:
      kpoints === undefined ? null : { mesh: (kpoints[3] ?? '').split(' ').map(Number), gamma: /^g/i.test(kpoints[2] ?? '') },
    variants: Object.fromEntries(clusterFiles.map(({ from }, kind) => [symbols[kind] ?? '', from.split('/').at(-2) ?? ''])),
  }
}

type Atoms = { readonly symbols: readonly string[]; readonly species: readonly string[] }

function readValue(key: string, text: string, { symbols, species }: Atoms): Value {
  const list = text.split(' ').flatMap((word) => {
    const [count, value] = word.split('*')
    return value === undefined ? [Number(count)] : Array.from({ length: Number(count) }, () => Number(value))
  })
  if (['LDAUL', 'LDAUU', 'LDAUJ'].includes(key)) return Object.fromEntries(symbols.map((symbol, i) => [symbol, list[i] ?? 0]))
  if (key === 'MAGMOM')
    return Object.fromEntries(symbols.map((symbol) => [symbol, list.filter((_, atom) => species[atom] === symbol)]))
  if (text === '.TRUE.' || text === '.FALSE.') return text === '.TRUE.'
  return Number.isFinite(Number(text)) ? Number(text) : text
}

function faultsOf(ours: Rendered, theirs: Rendered): readonly string[] {
  const keys = [...new Set([...Object.keys(ours.incar), ...Object.keys(theirs.incar)])].filter((key) => !PARALLEL.has(key)).sort()
  const shown = (value: unknown) => JSON.stringify(value) ?? 'nothing'
  return [
    ...keys.flatMap((key) =>
      isSame(ours.incar[key], theirs.incar[key]) ? [] : [`${key}: ${shown(ours.incar[key])}, there ${shown(theirs.incar[key])}`],
    ),
    ...(isSame(ours.kpoints ?? '', theirs.kpoints ?? '')
      ? []
      : [`KPOINTS: ${shown(ours.kpoints)}, there ${shown(theirs.kpoints)}`]),
    ...(isSame(ours.variants, theirs.variants) ? [] : [`POTCAR: ${shown(ours.variants)}, there ${shown(theirs.variants)}`]),
  ]
}

/** Texts without letter case, numbers to nine digits, objects without the order of their members. */
function isSame(a: Value | undefined, b: Value | undefined): boolean {
  if (typeof a === 'number' && typeof b === 'number') return Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b))
  if (typeof a === 'string' && typeof b === 'string') return a.toLowerCase() === b.toLowerCase()
  if (typeof a === 'object' && typeof b === 'object') {
    const [left, right] = [Object.entries(a), Object.entries(b)]
    return left.length === right.length && left.every(([name, value]) => isSame(value, new Map(right).get(name)))
  }
  return a === b
}
