import type { Dos } from '@crystalmath/contract'
import { detached } from '../../reading/hits.ts'
import { numberIn, type Part, type RowSink } from './vasprun-part.ts'
import { attribute } from './xml-scanner.ts'

const DOS = 'calculation/dos'

type Projection = NonNullable<Dos['projected']>[number]
type Table = { energies: number[]; densities: number[][]; integrated: number[][]; projected: Projection[] }

export type DosPart = Part & {
  /** Fermi energy of the calculation that ends, eV. */
  commit(): number | null
  dos(): Dos | null
}

/** The density of states; without the full content its Fermi energy alone. */
export function dosPart(full: boolean): DosPart {
  let table: Table | null = null
  let fermi: number | null = null
  let committed: Dos | null = null
  let fields: string[] = []
  let [spin, ion] = [0, 0]

  const openSet = (path: string, comment: string): void => {
    if (comment.startsWith('ion')) ion = numberIn(comment) - 1
    if (!comment.startsWith('spin')) return
    spin = numberIn(comment) - 1
    if (path.startsWith(`${DOS}/partial`)) {
      for (const orbital of fields.slice(1)) table?.projected.push({ site: ion, orbital, spin, densities: [] })
    } else if (table !== null) [table.densities[spin], table.integrated[spin]] = [[], []]
  }

  const totalSink = ({ energies, densities, integrated }: Table): RowSink => {
    const [density, integral, first] = [densities[spin], integrated[spin], spin === 0]
    return (words, count) => {
      if (first) energies.push(words[0] ?? Number.NaN)
      density?.push(count > 1 ? (words[1] ?? Number.NaN) : Number.NaN)
      integral?.push(count > 2 ? (words[2] ?? Number.NaN) : Number.NaN)
    }
  }

  const partialSink = ({ projected }: Table): RowSink => {
    const columns = projected.slice(1 - fields.length)
    return (words, count) => {
      for (let i = 0; i < columns.length && i + 1 < count; i += 1) columns[i]?.densities.push(words[i + 1] ?? Number.NaN)
    }
  }

  return {
    open({ path, tag, attributes }) {
      if (path === DOS) {
        if (attribute(attributes, 'comment') !== undefined) return '</dos>'
        table = { energies: [], densities: [], integrated: [], projected: [] }
      } else if (path === `${DOS}/total` || path === `${DOS}/partial`) {
        if (!full) return '</dos>'
      } else if (tag === 'array') fields = []
      else if (tag === 'set' && path.startsWith(`${DOS}/`)) openSet(path, attribute(attributes, 'comment') ?? '')
      return undefined
    },
    leaf(path, name, text) {
      if (path === `${DOS}/partial/array` && name === 'field') fields.push(detached(text().trim()))
      if (path !== DOS || name !== 'efermi') return
      const value = Number(text())
      fermi = Number.isFinite(value) && text().trim() !== '' ? value : null
    },
    sink(path) {
      if (table === null || !path.startsWith(`${DOS}/`) || !path.includes('/set')) return undefined
      return path.startsWith(`${DOS}/partial`) ? partialSink(table) : totalSink(table)
    },
    commit() {
      const told = fermi
      const { energies, densities, integrated, projected } = table ?? {
        energies: [],
        densities: [],
        integrated: [],
        projected: [],
      }
      const rest = projected.length > 0 ? { projected } : {}
      committed = energies.length > 0 ? { energiesEv: energies, densities, integrated, ...rest, fermiEnergyEv: told } : null
      ;[table, fermi] = [null, null]
      return told
    },
    dos: () => committed,
  }
}
