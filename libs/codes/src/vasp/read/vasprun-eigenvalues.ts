import type { Bands, Vector3 } from '@crystalmath/contract'
import { type BandEdgeCollector, type BandEdges, collectBandEdges } from './band-edges.ts'
import { numberIn, type Opened, type Part } from './vasprun-part.ts'
import { toVectors } from './vectors.ts'
import { attribute } from './xml-scanner.ts'

const MESH = 'calculation/eigenvalues'
const ALONG = 'calculation/eigenvalues_kpoints_opt'

type Table = { kPoints: Vector3[]; kWeights: number[]; energies: number[][][]; occupations: number[][][] }

const emptyTable = (): Table => ({ kPoints: [], kWeights: [], energies: [], occupations: [] })

export type EigenvaluesPart = Part & {
  /** Of the calculation that ends; the next begins empty. Keeps its bands where the full content was asked for. */
  commit(): BandEdges | null
  readonly kPoints: readonly Vector3[]
  readonly kWeights: readonly number[]
  bands(): Bands | null
}

/** k points and eigenvalues, of the mesh and along KPOINTS_OPT. */
export function eigenvaluesPart(full: boolean): EigenvaluesPart {
  let edges: BandEdgeCollector = collectBandEdges()
  let mesh = emptyTable()
  let along: Table | null = null
  let committed: Table | null = null
  let kPoints: Vector3[] = []
  let kWeights: number[] = []
  let kPointsTold = false
  let spin = 0

  const tableAt = (path: string): Table => (path.startsWith(ALONG) && along !== null ? along : mesh)

  const openSet = (path: string, comment: string): void => {
    const table = tableAt(path)
    if (comment.startsWith('spin')) {
      spin = numberIn(comment) - 1
      if (full) [table.energies[spin], table.occupations[spin]] = [[], []]
    } else if (comment.startsWith('kpoint')) {
      if (path.startsWith(`${MESH}/`)) edges.startKPoint(spin)
      if (!full) return
      table.energies[spin]?.push([])
      table.occupations[spin]?.push([])
    }
  }

  return {
    open({ path, tag, attributes }: Opened) {
      if (path === MESH) [edges, mesh] = [collectBandEdges(), emptyTable()]
      else if (path === ALONG) {
        if (!full) return '</eigenvalues_kpoints_opt>'
        along = emptyTable()
      } else if (tag === 'set' && (path.startsWith(`${MESH}/`) || path.startsWith(ALONG)))
        openSet(path, attribute(attributes, 'comment') ?? '')
      return undefined
    },
    close(path, rows) {
      if (path === 'kpoints') kPointsTold = kWeights.length > 0
      else if (path === 'kpoints/varray:kpointlist' && !kPointsTold) kPoints = toVectors(rows) ?? []
      else if (path === 'kpoints/varray:weights' && !kPointsTold) kWeights = [...rows]
      else if (along === null || !path.startsWith(ALONG)) return
      else if (path.endsWith('varray:kpointlist')) along.kPoints = toVectors(rows) ?? []
      else if (path.endsWith('varray:weights')) along.kWeights = [...rows]
    },
    sink(path) {
      const onMesh = path.startsWith(`${MESH}/`)
      if (!onMesh && !(path.startsWith(ALONG) && path.includes('/set'))) return undefined
      const table = tableAt(path)
      const [energies, occupations] = [table.energies[spin]?.at(-1), table.occupations[spin]?.at(-1)]
      return (words, count) => {
        const energy = count > 0 ? (words[0] ?? Number.NaN) : Number.NaN
        const occupation = count > 1 ? (words[1] ?? Number.NaN) : Number.NaN
        if (onMesh) edges.add(energy, occupation)
        energies?.push(energy)
        occupations?.push(occupation)
      }
    },
    commit() {
      const result = edges.result()
      committed = along ?? (mesh.energies.length > 0 ? { ...mesh, kPoints, kWeights } : null)
      ;[edges, mesh, along] = [collectBandEdges(), emptyTable(), null]
      return result
    },
    get kPoints() {
      return kPoints
    },
    get kWeights() {
      return kWeights
    },
    bands() {
      if (committed === null) return null
      const { energies, occupations, ...points } = committed
      return { ...points, eigenvaluesEv: energies, occupations }
    },
  }
}
