import type { Matrix3, Structure, Vector3 } from '@crystalmath/contract'
import { composition, formulaOf } from '../formula.ts'
import { latticeFromParameters, toCartesian } from '../lattice.ts'
import { StructureProblem } from '../outcome.ts'
import { add, mapVector, norm, scaled, subtract } from '../vectors.ts'
import { type Block, blocksOf, taggedValue } from './blocks.ts'
import { cellNumber, type Site, type SiteTable, sitesOf, siteTableOf } from './sites.ts'
import { applied, operationsOf, type SymmetryOperation } from './symmetry.ts'

/** Å. Images of one site nearer than this are one atom on a special position whose coordinates are rounded. */
const SAME_ATOM_ANGSTROM = 0.05
/** Sites times operations; a hostile file must not keep the reader busy for long. */
const MOST_IMAGES = 300_000

/** Reads the one crystal of a CIF; throws `StructureProblem`. Atoms come site by site, wrapped into the cell; special positions are made exact. */
export function readCif(text: string): { readonly structure: Structure; readonly warnings: readonly string[] } {
  const { block, table } = crystalOf(blocksOf(text))
  const lattice = latticeOf(block)
  const operations = operationsOf(block)
  const sites = sitesOf(table, lattice)
  if (sites.length * operations.length > MOST_IMAGES)
    throw new StructureProblem({
      value: `${sites.length} sites, ${operations.length} operations`,
      message: `${sites.length} sites and ${operations.length} symmetry operations make more atoms than any calculation takes`,
      mend: 'send a smaller cell',
    })
  const atoms = sites.flatMap((site) => imagesOf(site, operations, lattice).map((fractional) => ({ site, fractional })))
  const species = atoms.map(({ site }) => site.element)
  return {
    structure: {
      latticeAngstrom: lattice,
      periodic: [true, true, true],
      species,
      positionsAngstrom: atoms.map(({ fractional }) => toCartesian(fractional, lattice)),
    },
    warnings: formulaWarnings(block, species),
  }
}

function crystalOf(blocks: readonly Block[]): { readonly block: Block; readonly table: SiteTable } {
  const crystals = blocks.flatMap((block) => {
    const table = siteTableOf(block)
    return table !== null && table.loop.rows.length > 0 ? [{ block, table }] : []
  })
  const [first, second] = crystals
  if (first === undefined)
    throw new StructureProblem({ message: 'the CIF lists no atom sites', mend: 'add a loop with _atom_site_fract_x, _y and _z' })
  if (second !== undefined)
    throw new StructureProblem({
      line: second.table.loop.line,
      value: crystals
        .map(({ block }) => block.name)
        .join(', ')
        .slice(0, 100),
      message: `the CIF holds ${crystals.length} crystals`,
      mend: 'send one data_ block at a time',
    })
  return first
}

function latticeOf(block: Block): Matrix3 {
  const length = (axis: string) => cellNumber(block, `_cell_length_${axis}`)
  const angle = (name: string) => cellNumber(block, `_cell_angle_${name}`)
  const parameters = {
    lengths: [length('a'), length('b'), length('c')],
    angles: [angle('alpha'), angle('beta'), angle('gamma')],
  } as const
  const lattice = latticeFromParameters({ lengths: [...parameters.lengths], angles: [...parameters.angles] })
  if (lattice !== null) return lattice
  const line = taggedValue(block, '_cell_angle_alpha')?.line
  throw new StructureProblem({
    ...(line === undefined ? {} : { line }),
    value: parameters.angles.join(' '),
    message: `the cell angles ${parameters.angles.join(', ')} close no cell`,
    mend: 'check the angles: each must be less than the sum of the other two, and their sum less than 360°',
  })
}

const wrapped = (x: Vector3): Vector3 =>
  mapVector(x, (value) => {
    const inside = value - Math.floor(value)
    return inside > 1 - 1e-9 ? 0 : inside
  })

/** The distinct images of a site in the cell. Images that fall together are averaged, which puts a rounded 0.3333 onto 1/3 where symmetry wants it. */
function imagesOf({ fractional }: Site, operations: readonly SymmetryOperation[], lattice: Matrix3): readonly Vector3[] {
  const images: { readonly first: Vector3; sum: Vector3; count: number }[] = []
  for (const operation of operations) {
    const image = applied(operation, fractional)
    const nearest = (to: Vector3) => mapVector(subtract(image, to), (value) => value - Math.round(value))
    const same = images.find(({ first }) => norm(toCartesian(nearest(first), lattice)) < SAME_ATOM_ANGSTROM)
    if (same === undefined) images.push({ first: image, sum: [0, 0, 0], count: 1 })
    else {
      same.sum = add(same.sum, nearest(same.first))
      same.count += 1
    }
  }
  return images.map(({ first, sum, count }) => wrapped(add(first, scaled(sum, 1 / count))))
}

/** A sum formula that does not fit the atoms hints at missing hydrogen or missing operations. */
function formulaWarnings(block: Block, species: readonly string[]): readonly string[] {
  const stated = taggedValue(block, '_chemical_formula_sum')?.text ?? ''
  const counts = [...stated.matchAll(/([A-Z][a-z]?)(\d+(?:\.\d+)?)?/g)].map(
    ([, symbol = '', count]) => [symbol === 'D' ? 'H' : symbol, Number(count ?? 1)] as const,
  )
  if (counts.length === 0) return []
  const found = composition(species)
  const ratios = counts.map(([symbol, count]) => (found.get(symbol) ?? 0) / count)
  const [ratio = 0] = ratios
  const fits = counts.length === found.size && ratio > 0 && ratios.every((one) => Math.abs(one - ratio) < 0.01 * ratio)
  return fits
    ? []
    : [`the atoms make ${formulaOf(species)}, but _chemical_formula_sum says "${stated.slice(0, 60)}": are atoms missing?`]
}
