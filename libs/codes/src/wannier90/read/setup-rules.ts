import { ANGSTROM_PER_BOHR, type Matrix3, type Vector3 } from '@crystalmath/contract/plain'
import { detached } from '../../reading/hits.ts'
import { toNumber, toNumbers } from '../../reading/numbers.ts'
import type { Hit, Rule, Section } from '../../reading/sections.ts'
import { type Context, newRun } from './run.ts'

/** Banner, ranks, cell, sites, mesh and numbers of functions. */
export const setupRules = (context: Context): readonly Rule[] => [
  { pattern: /Execution started on +(?<when>[^|\n]*)/, read: (hit) => begin(context, hit) },
  { pattern: /Release: +(?<version>v?\d[\w.]*)/, read: ({ groups }) => void version(context, groups['version'] ?? '') },
  { pattern: /Running in parallel on +(?<ranks>\d+) +CPUs/, read: ({ groups }) => ranks(context, Number(groups['ranks'])) },
  { pattern: /Running in serial \(/, read: () => ranks(context, 1) },
  {
    pattern: /Number of (?:MPI|processes)[^:\n]*: +(?<ranks>\d+)/,
    read: ({ groups }) => ranks(context, Number(groups['ranks'])),
  },
  { pattern: /Lattice Vectors \((?<unit>Ang|Bohr)\)/, read: ({ groups }) => lattice(context, groups['unit'] === 'Bohr') },
  { pattern: /Unit Cell Volume: +(?<volume>[^ \n]+) +\((?<unit>Ang|Bohr)\^3\)/, read: (hit) => volume(context, hit) },
  { pattern: /Site +Fractional Coordinate +Cartesian Coordinate \((?<unit>Ang|Bohr)\)/, read: () => sites(context) },
  {
    pattern: /Grid size = +(?<a>\d+) x +(?<b>\d+) x +(?<c>\d+) +Total points = +(?<count>\d+)/,
    read: ({ groups }) => mesh(context, groups),
  },
  { pattern: /Number of Wannier Functions +: +(?<count>\d+)/, read: ({ groups }) => count(context, Number(groups['count'])) },
  { pattern: /Number of input Bloch states +: +(?<count>\d+)/, read: ({ groups }) => bands(context, Number(groups['count'])) },
  {
    pattern: /Using band disentanglement +: +(?<flag>[TF])/,
    read: ({ groups }) => disentangling(context, groups['flag'] === 'T'),
  },
]

function version(context: Context, text: string): void {
  context.release = detached(text)
  context.run.version ??= context.release
}

/** A second start in the same file: the earlier run is forgotten. The banner with the release precedes this line. */
function begin(context: Context, { line }: Hit): undefined {
  context.runs += 1
  if (context.runs === 1) return
  context.run = { ...newRun(), version: context.release }
  context.run.warnings.push(`line ${line}: another run begins here; the last run of the file decides`)
  context.notes.clear()
}

function ranks({ run }: Context, number: number): undefined {
  run.ranks = number
}

function lattice({ run }: Context, bohr: boolean): Section {
  run.unit = bohr ? ANGSTROM_PER_BOHR : 1
  const rows: Vector3[] = []
  return (text) => {
    const row = /^ +a_[123] +(.+)$/.exec(text)?.[1]
    const numbers = row === undefined ? null : toNumbers(row)
    if (numbers?.length !== 3) return false
    rows.push(numbers.map((x) => x * run.unit) as Vector3)
    if (rows.length === 3) run.lattice = rows as Matrix3
    return rows.length < 3
  }
}

function volume({ run }: Context, { groups }: Hit): undefined {
  const value = toNumber(groups['volume'])
  const unit = groups['unit'] === 'Bohr' ? ANGSTROM_PER_BOHR : 1
  run.volume = value === null ? null : value * unit ** 3
}

const SITE = /^ *\| *([A-Z][a-z]?)\S* +\d+ +\S+ +\S+ +\S+ +\| +(\S+) +(\S+) +(\S+) +\|/

function sites({ run }: Context): Section {
  run.species = []
  run.positions = []
  return (text) => {
    const row = SITE.exec(text)
    if (row === null) {
      run.sitesWhole = /^ *\*-+\* *$/.test(text)
      return /^ *\+-+\+ *$/.test(text)
    }
    const position = row.slice(2, 5).map((word) => (toNumber(word) ?? Number.NaN) * run.unit)
    run.species.push(detached(row[1] ?? ''))
    run.positions.push(position as Vector3)
    return run.species.length < 1_000_000
  }
}

function mesh({ run }: Context, groups: Hit['groups']): undefined {
  run.method = {
    ...run.method,
    kMesh: [Number(groups['a']), Number(groups['b']), Number(groups['c'])],
    kPointCount: Number(groups['count']),
  }
}

function count({ run }: Context, number: number): undefined {
  run.wannierCount = number
}

function bands({ run }: Context, number: number): undefined {
  run.method = { ...run.method, bandCount: number }
}

function disentangling({ run }: Context, yes: boolean): undefined {
  run.disentangling = yes
}
