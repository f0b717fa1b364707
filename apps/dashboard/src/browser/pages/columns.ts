/** A row of a campaign's export. */
export type Row = Readonly<Record<string, string | number | boolean | null>>
export type Axes = { readonly x: string; readonly y: string }

/** A row as it is drawn; it leads to its job. */
export type Point = { readonly x: number; readonly y: number; readonly name: string; readonly href: string }

/** The export's columns before and after those of the table that the campaign was made of. */
const BEFORE = new Set(['row', 'job_id', 'name', 'status'])

/** Cells of a table are text even where they are numbers. */
function numberIn(cell: Row[string] | undefined): number | null {
  if (typeof cell === 'number') return cell
  const value = typeof cell === 'string' && cell.trim() !== '' ? Number(cell) : Number.NaN
  return Number.isFinite(value) ? value : null
}

const differs = (rows: readonly Row[], name: string): boolean => {
  const values = new Set(rows.map((row) => numberIn(row[name])).filter((value) => value !== null))
  return values.size > 1
}

const namesOf = (rows: readonly Row[]): readonly string[] => [...new Set(rows.flatMap((row) => Object.keys(row)))]

/** Columns that hold nothing but numbers, or nothing, and not the same one in all rows. */
export const numericColumns = (rows: readonly Row[]): readonly string[] =>
  namesOf(rows).filter(
    (name) =>
      name !== 'row' &&
      rows.every((row) => row[name] === null || row[name] === undefined || row[name] === '' || numberIn(row[name]) !== null) &&
      differs(rows, name),
  )

/** Energies are compared only among rows of one composition, over the table's own first number; else forces over sizes. */
export function usualAxes(rows: readonly Row[]): Axes {
  const names = numericColumns(rows)
  const all = namesOf(rows)
  const energy = names.find((name) => name.startsWith('energy_ev'))
  const formulas = new Set(rows.map((row) => row['formula']))
  const own = all
    .slice(
      0,
      all.findIndex((name) => name.startsWith('energy_')),
    )
    .filter((name) => !BEFORE.has(name))
  const firstOf = (...wanted: readonly (string | undefined)[]): string =>
    wanted.find((name) => name !== undefined && names.includes(name)) ?? names[0] ?? ''
  const y = formulas.size === 1 ? firstOf(energy, 'max_force_ev_per_angstrom') : firstOf('max_force_ev_per_angstrom', energy)
  return {
    x: firstOf(
      own.find((name) => names.includes(name)),
      'volume_angstrom3',
      'atom_count',
      'scf_steps',
    ),
    y,
  }
}

export const pointsOf = (rows: readonly Row[], { x, y }: Axes): readonly Point[] =>
  rows.flatMap((row) => {
    const [along, up] = [numberIn(row[x]), numberIn(row[y])]
    return along === null || up === null ? [] : [{ x: along, y: up, name: String(row['name']), href: `#/jobs/${row['job_id']}` }]
  })
