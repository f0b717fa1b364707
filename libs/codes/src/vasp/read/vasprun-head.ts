import type { Matrix3, Vector3 } from '@crystalmath/contract'
import { detached } from '../../reading/hits.ts'
import { toNumber, toNumbers } from '../../reading/numbers.ts'
import { elementOf } from './elements.ts'
import type { Potential, Settings } from './run.ts'
import type { Part } from './vasprun-part.ts'
import { toCartesian, toMatrix, toVectors } from './vectors.ts'

const MAX_SETTING = 4_096
/** Tags of which `<parameters>` shows the first entry only. */
const LISTS = new Set(['LDAUU', 'LDAUJ', 'LDAUL', 'MAGMOM'])
const STILL = /^(?:.*\/)?structure:(?:initialpos|finalpos)\//

export type Head = {
  readonly version: string | null
  readonly settings: Settings
  readonly given: Settings
  readonly species: readonly string[]
  readonly potentials: readonly Potential[]
  readonly kMesh: Vector3 | null
  readonly kGeneration: string | null
  readonly still: { readonly lattice: Matrix3; readonly positions: readonly Vector3[] } | null
  readonly fixed: readonly [boolean, boolean, boolean][] | null
}

export type HeadPart = Part & { readonly settings: Settings; readonly version: string | null; head(): Head }

/** Version, tags, atoms, k mesh, and the geometries outside of ionic steps. */
export function headPart(): HeadPart {
  const settings = new Map<string, string>()
  const given = new Map<string, string>()
  const species: string[] = []
  const potentials: Potential[] = []
  const fixed: boolean[] = []
  let declaredAtoms: number | null = null
  let hasAllAtoms = false
  let version: string | null = null
  let cells: string[] = []
  let kMesh: Vector3 | null = null
  let kGeneration: string | null = null
  let cell: Matrix3 | null = null
  let still: Head['still'] = null

  const endRow = (path: string): void => {
    const [first = '', second = '', , valence, title = ''] = cells
    if (path === 'atominfo/array:atoms/set/rc') species.push(elementOf(first) ?? first.trim())
    else if (path === 'atominfo/array:atomtypes/set/rc') {
      const element = elementOf(second) ?? second.trim()
      potentials.push({ element, title: title.trim(), hash: null, valence: toNumber(valence), atomCount: toNumber(first) })
    }
    cells = []
  }

  const endStill = (path: string, rows: readonly number[]): void => {
    if (path.endsWith('crystal/varray:basis')) cell = toMatrix(rows)
    const lattice = cell
    const fractional = path.endsWith('varray:positions') ? toVectors(rows) : null
    if (lattice !== null && fractional !== null)
      still = { lattice, positions: fractional.map((row) => toCartesian(row, lattice)) }
  }

  const takeSetting = (table: Map<string, string>, tag: string, text: string): void => {
    if (!table.has(tag) && text.length <= MAX_SETTING) table.set(detached(tag), detached(text.trim()))
  }

  /** What the user set, where `<parameters>` does not tell it in full. */
  const addGiven = (): void => {
    const cutoff = settings.get('ENMAX')
    if (cutoff !== undefined) settings.set('ENCUT', cutoff)
    for (const [tag, value] of given) if (!settings.has(tag) || LISTS.has(tag)) settings.set(tag, value)
  }

  return {
    settings,
    get version() {
      return version
    },
    open({ path, tag, attributes }) {
      if (tag === 'rc') cells = []
      else if (path === 'kpoints/generation') kGeneration ??= detached(/param="([^"]*)"/.exec(attributes)?.[1] ?? '')
      return undefined
    },
    close(path, rows) {
      if (path.endsWith('/rc')) endRow(path)
      else if (path === 'parameters') addGiven()
      else if (path === 'atominfo/array:atoms/set') hasAllAtoms = true
      else if (STILL.test(path)) endStill(path, rows)
    },
    leaf(path, name, text) {
      if (name === 'c') cells.push(detached(text()))
      else if (path === 'atominfo' && name === 'atoms') declaredAtoms = toNumber(text().trim())
      else if (path === 'incar') takeSetting(given, name, text())
      else if (path.startsWith('parameters')) takeSetting(settings, name, text())
      else if (path === 'generator' && name === 'version') version = detached(text().trim().split(/\s+/)[0] ?? '')
      else if (path === 'kpoints/generation' && name === 'divisions') {
        const [a, b, c] = toNumbers(text()) ?? []
        if (a !== undefined && b !== undefined && c !== undefined) kMesh ??= [a, b, c]
      } else if (path === 'structure:initialpos/varray:selective') {
        for (const letter of text().match(/[TF]/g) ?? []) fixed.push(letter === 'F')
      }
    },
    head() {
      addGiven()
      // a list that was torn, or lacks a line, would tell of another system
      const isWhole = hasAllAtoms && (declaredAtoms === null || declaredAtoms === species.length)
      const atoms = isWhole ? species : []
      const flags = fixed.length > 0 && fixed.length === atoms.length * 3 ? toFlags(fixed) : null
      return { version, settings, given, species: atoms, potentials, kMesh, kGeneration, still, fixed: flags }
    },
  }
}

const toFlags = (flat: readonly boolean[]): [boolean, boolean, boolean][] =>
  Array.from({ length: flat.length / 3 }, (_, i) => [flat[3 * i] ?? false, flat[3 * i + 1] ?? false, flat[3 * i + 2] ?? false])
