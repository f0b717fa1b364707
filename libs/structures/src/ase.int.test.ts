import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Matrix3, StructureSource, Vector3 } from '@crystalmath/contract'
import { afterAll, describe, expect, it } from 'vitest'
import { formatCif } from './cif/write.ts'
import { hasLattice, type LatticeStructure, toFractional } from './lattice.ts'
import { parseStructure } from './parse-structure.ts'
import { formatPoscar } from './poscar/write.ts'
import { formatExtxyz } from './xyz/write.ts'

const hasAse = spawnSync('/usr/bin/python3', ['-c', 'import ase']).status === 0
if (!hasAse) console.warn('python3-ase is not installed: structures are not compared with it')

const here = mkdtempSync(join(tmpdir(), 'crystalmath-ase-'))
afterAll(() => rmSync(here, { recursive: true }))

type Seen = {
  readonly cell: Matrix3
  readonly pbc: boolean[]
  readonly symbols: string[]
  readonly positions: Vector3[]
  readonly moments: number[]
}

const READ = `import json, sys, ase.io
a = ase.io.read(sys.argv[1], format=sys.argv[2])
print(json.dumps(dict(cell=a.cell.tolist(), pbc=a.pbc.tolist(), symbols=a.get_chemical_symbols(), positions=a.positions.tolist(), moments=a.get_initial_magnetic_moments().tolist())))`

function asAse(text: string, name: string, format: string): Seen {
  const path = join(here, name)
  writeFileSync(path, text)
  const { stdout, stderr } = spawnSync('/usr/bin/python3', ['-W', 'ignore', '-c', READ, path, format], { encoding: 'utf8' })
  if (stdout === '') throw new Error(stderr)
  return JSON.parse(stdout)
}

const ours = (source: StructureSource): LatticeStructure => {
  const parsed = parseStructure(source)
  if (!parsed.ok || !hasLattice(parsed.structure)) throw new Error(JSON.stringify(parsed))
  return parsed.structure
}

/** Every atom of one has an atom of the same element in the other at the same place, periodic images included. */
function sameCrystal(structure: LatticeStructure, seen: Seen, within: number): void {
  expect(seen.symbols.toSorted()).toEqual(structure.species.toSorted())
  expect(
    seen.cell
      .flat()
      .map((value, index) => Math.abs(value - (structure.latticeAngstrom.flat()[index] ?? 0)))
      .every((off) => off < 1e-6),
  ).toBe(true)
  const theirs = toFractional(seen.positions, seen.cell)
  for (const [index, position] of toFractional(structure.positionsAngstrom, structure.latticeAngstrom).entries()) {
    const distances = theirs.flatMap((other, at) =>
      seen.symbols[at] === structure.species[index]
        ? [
            Math.max(
              ...other.map((value, axis) => Math.abs(value - (position[axis] ?? 0) - Math.round(value - (position[axis] ?? 0)))),
            ),
          ]
        : [],
    )
    expect(Math.min(...distances)).toBeLessThan(within)
  }
}

const SLAB: LatticeStructure = {
  latticeAngstrom: [
    [3.1, 0, 0],
    [-1.55, 2.684, 0],
    [0.1, 0.2, 15],
  ],
  periodic: [true, true, false],
  species: ['Mo', 'S', 'S'],
  positionsAngstrom: [
    [0, 0, 7],
    [0, 1.79, 8.5],
    [0, 1.79, 5.5],
  ],
  initialMomentsBohr: [1.5, 0, -0.25],
  fixed: [
    [true, true, true],
    [false, false, false],
    [false, false, false],
  ],
}

describe.skipIf(!hasAse)('ASE', () => {
  it.each(['rutile', 'magnesium'])('finds the same atoms in the CIF of %s', (name) => {
    const text = readFileSync(new URL(`__fixtures__/${name}.cif`, import.meta.url), 'utf8')
    sameCrystal(ours({ format: 'cif', text }), asAse(text.replaceAll(/^(_[a-z_]+)\./gm, '$1_'), `${name}.cif`, 'cif'), 2e-4)
  })

  it.each(['direct', 'cartesian'] as const)('reads our POSCAR with %s coordinates', (coordinates) => {
    sameCrystal(SLAB, asAse(formatPoscar(SLAB, { coordinates }), 'POSCAR', 'vasp'), 1e-9)
  })

  it('reads our extended XYZ with its periodicity and moments', () => {
    const seen = asAse(formatExtxyz(SLAB), 'slab.xyz', 'extxyz')
    sameCrystal(SLAB, seen, 1e-9)
    expect([seen.pbc, seen.moments]).toEqual([
      [true, true, false],
      [1.5, 0, -0.25],
    ])
  })

  it('finds the same atoms in our CIF', () => {
    const { positionsAngstrom, latticeAngstrom } = SLAB
    const seen = asAse(formatCif(SLAB), 'slab.cif', 'cif')
    const wanted = toFractional(positionsAngstrom, latticeAngstrom)
    for (const [index, row] of toFractional(seen.positions, seen.cell).entries())
      for (const [axis, value] of row.entries()) {
        const off = value - (wanted[index]?.[axis] ?? Number.NaN)
        expect(off - Math.round(off)).toBeCloseTo(0, 8)
      }
  })

  it('writes what we read: CIF, POSCAR and extended XYZ', () => {
    const script = `import sys
from ase.build import bulk
from ase.io import write
a = bulk('NaCl', 'rocksalt', a=5.64)
a.rattle(0.05, seed=1)
a.set_initial_magnetic_moments([0.5, -0.5])
for name, format in (('POSCAR.ase', 'vasp'), ('ase.cif', 'cif'), ('ase.xyz', 'extxyz')):
    write(sys.argv[1] + '/' + name, a, format=format)`
    expect(spawnSync('/usr/bin/python3', ['-c', script, here]).status).toBe(0)
    const text = (name: string) => readFileSync(join(here, name), 'utf8')
    sameCrystal(ours({ format: 'poscar', text: text('POSCAR.ase') }), asAse(text('POSCAR.ase'), 'again', 'vasp'), 1e-9)
    sameCrystal(ours({ format: 'cif', text: text('ase.cif') }), asAse(text('ase.cif'), 'again.cif', 'cif'), 1e-6)
    const xyz = ours({ format: 'extxyz', text: text('ase.xyz') })
    sameCrystal(xyz, asAse(text('ase.xyz'), 'again.xyz', 'extxyz'), 1e-9)
    expect(xyz.initialMomentsBohr).toEqual([0.5, -0.5])
  })
})
