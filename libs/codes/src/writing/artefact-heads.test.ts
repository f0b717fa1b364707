import { describe, expect, it } from 'vitest'
import type { Artefacts } from '../code-writes.ts'
import { writesOf } from '../writes.ts'
import { type Artefact, artefactFault } from './artefact-heads.ts'
import { SILICON, sampleTask } from './sample-task.ts'

const base64 = (bytes: Uint8Array): string => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
const doubles = (...values: number[]) => base64(new Uint8Array(new Float64Array(values).buffer))
const integers = (...values: number[]) => base64(new Uint8Array(new Int32Array(values).buffer))
const text = (value: string) => base64(Uint8Array.from(value, (character) => character.charCodeAt(0)))

const RECORD = 4_096
/** 4 k points of 8 bands: 2 + 4 · 9 records. */
const WHOLE = RECORD * 38
const CHGCAR = (lattice = '2.715', atoms = 2) =>
  text(
    `Si2\n 1.0\n 0 ${lattice} ${lattice}\n ${lattice} 0 ${lattice}\n ${lattice} ${lattice} 0\n Si\n ${atoms}\nDirect\n${'  0.0 0.0 0.0\n'.repeat(atoms)}\n  24   24   24\n 0.1E+02\n`,
  )
const VALUES = 24 ** 3
const WAVES = 1_459
const DENSITY = 20 + 80 + (8 + 12 * WAVES) + (8 + 16 * WAVES)
const rho = (waves = WAVES, components = 1, length = 12) => integers(length, 0, waves, components, length)
const SAVE = 'out/crystalmath.save/charge-density.dat'
const chk = (length: number) =>
  base64(
    Uint8Array.from([
      ...new Uint8Array(new Int32Array([length]).buffer),
      ...new Uint8Array(33),
      ...new Uint8Array(new Int32Array([length]).buffer),
    ]),
  )

type Row = readonly [
  what: string,
  code: 'vasp' | 'quantum-espresso' | 'crystal' | 'wannier90' | 'orca',
  file: Artefact,
  over: Partial<Artefacts>,
  fault: RegExp | null,
]
const wavecar = (size: number, head = doubles(RECORD, 1, 45_200)): Artefact => ({ path: 'WAVECAR', size, head })
const chgcar = (size: number, head = CHGCAR()): Artefact => ({ path: 'CHGCAR', size, head })
const density = (size: number, head = rho()): Artefact => ({ path: SAVE, size, head })
const orbitals = (size: number, modifiedSeconds = 1_000): Artefact => ({ path: 'orca.gbw', size, modifiedSeconds })

const TABLE: readonly Row[] = [
  ['a whole WAVECAR', 'vasp', wavecar(WHOLE), {}, null],
  ['an empty WAVECAR', 'vasp', wavecar(0), {}, /^empty/],
  ['a torn one', 'vasp', wavecar(WHOLE - 100), {}, /torn: .* no whole number of its records of 4096 bytes/],
  ['one that ends between two records', 'vasp', wavecar(WHOLE - RECORD), {}, /has 37 records, and 4 k points of 8 bands need 38/],
  ['one of more bands', 'vasp', wavecar(WHOLE + 4 * RECORD), {}, /has 42 records/],
  [
    'one with spins of a run without',
    'vasp',
    wavecar(WHOLE, doubles(RECORD, 2, 45_200)),
    {},
    /holds 2 spin components, and the run had 1/,
  ],
  [
    'one without spins of a run with',
    'vasp',
    wavecar(WHOLE),
    { facts: { kPointCount: 4, bandCount: 8, spins: 2 } },
    /holds 1 spin components/,
  ],
  ['a text under its name', 'vasp', wavecar(WHOLE, text('this is not a wave function')), {}, /no?t that of a WAVECAR/],
  ['one with an unknown tag', 'vasp', wavecar(WHOLE, doubles(RECORD, 1, 12_345)), {}, /not that of a WAVECAR/],
  ['one whose head is cut off', 'vasp', wavecar(10, doubles(RECORD)), {}, /not that of a WAVECAR/],
  [
    'a whole one where the outputs say nothing',
    'vasp',
    wavecar(RECORD * 40),
    { facts: { kPointCount: null, bandCount: null, spins: null } },
    null,
  ],
  [
    'one that was brought along and never written',
    'vasp',
    { ...wavecar(WHOLE), modifiedSeconds: 400 },
    { startedSeconds: 500 },
    /older than the run/,
  ],
  ['a whole CHGCAR', 'vasp', chgcar(VALUES * 18 + 2_000), {}, null],
  ['a torn CHGCAR', 'vasp', chgcar(VALUES * 9), {}, /torn: 13824 values of its grid need 248832 bytes/],
  ['a CHGCAR of another cell', 'vasp', chgcar(VALUES * 20, CHGCAR('2.9')), {}, /of another cell/],
  ['a CHGCAR of more atoms', 'vasp', chgcar(VALUES * 20, CHGCAR('2.715', 3)), {}, /holds 3 atoms, and the run had 2/],
  ['another text under its name', 'vasp', chgcar(5_000, text('hello\nworld\n')), {}, /not that of a CHGCAR/],
  [
    'a CHGCAR that was brought along',
    'vasp',
    { ...chgcar(VALUES * 20), modifiedSeconds: 1 },
    { startedSeconds: 500 },
    /older than the run/,
  ],
  ['a whole density of pw.x', 'quantum-espresso', density(DENSITY), {}, null],
  ['an empty density', 'quantum-espresso', density(0), {}, /^empty/],
  ['a torn density', 'quantum-espresso', density(DENSITY - 4_096), {}, /torn: 1459 plane waves need/],
  ['a density with more behind it', 'quantum-espresso', density(DENSITY + 8), {}, /torn/],
  [
    'a density with spins of a run without',
    'quantum-espresso',
    density(DENSITY, rho(WAVES, 2)),
    {},
    /of another run: it holds 2 components/,
  ],
  ['a density with a broken first record', 'quantum-espresso', density(DENSITY, rho(WAVES, 1, 13)), {}, /not that of a density/],
  ['a text under its name', 'quantum-espresso', density(DENSITY, text('nothing of the kind here')), {}, /not that of a density/],
  [
    'a density in HDF5',
    'quantum-espresso',
    { path: 'out/crystalmath.save/charge-density.hdf5', size: 900, head: text('\x89HDF\r\n') },
    {},
    null,
  ],
  [
    'no HDF5 under its name',
    'quantum-espresso',
    { path: 'out/crystalmath.save/charge-density.hdf5', size: 900, head: text('CDF1') },
    {},
    /not HDF5/,
  ],
  [
    'a density older than the run',
    'quantum-espresso',
    { ...density(DENSITY), modifiedSeconds: 1 },
    { startedSeconds: 500 },
    /older than the run/,
  ],
  ['a wave function of CRYSTAL', 'crystal', { path: 'fort.9', size: 9_000, head: integers(400, 1) }, {}, null],
  ['a torn one of CRYSTAL', 'crystal', { path: 'fort.9', size: 300, head: integers(400, 1) }, {}, /torn: its first record/],
  ['an empty one of CRYSTAL', 'crystal', { path: 'fort.9', size: 0 }, {}, /^empty/],
  ['a text as fort.9', 'crystal', { path: 'fort.9', size: 12, head: text('hello world!') }, {}, /torn/],
  ['a checkpoint of Wannier90', 'wannier90', { path: 'wannier90.chk', size: 9_000, head: chk(33) }, {}, null],
  [
    'no checkpoint under its name',
    'wannier90',
    { path: 'wannier90.chk', size: 9_000, head: chk(40) },
    {},
    /not that of a checkpoint/,
  ],
  ['orbitals of ORCA', 'orca', orbitals(90_000), { startedSeconds: 500 }, null],
  ['empty orbitals of ORCA', 'orca', orbitals(0), {}, /^empty/],
  ['orbitals that ORCA read and never wrote', 'orca', orbitals(90_000, 100), { startedSeconds: 500 }, /older than the run/],
]
const artefacts = (file: Artefact, over: Partial<Artefacts>): Artefacts => ({
  attempt: 1,
  files: [file],
  cleanStop: true,
  ranks: 1,
  codeVersion: null,
  lastStructure: SILICON,
  facts: { kPointCount: 4, bandCount: 8, spins: 1 },
  ...over,
})

describe('an artefact that a next attempt might build on', () => {
  it.each(TABLE)('%s of %s', (_, code, file, over, fault) => {
    const writes = writesOf(code)
    const said = writes === undefined ? 'no such code' : artefactFault(writes, file, artefacts(file, over))
    if (fault === null) expect(said).toBeNull()
    else expect(said).toMatch(fault)
  })

  it('is left out of a plan where it is unsound, with its reason', () => {
    const task = sampleTask({ code: 'vasp', parameters: {}, structure: SILICON })
    const plan = (file: Artefact) => writesOf('vasp')?.restart(task, artefacts(file, {}), 'checkpoint')
    expect(plan(wavecar(WHOLE))).toMatchObject({ files: [{ from: 'WAVECAR', to: 'WAVECAR' }] })
    expect(plan(wavecar(WHOLE - 1))).toMatchObject({
      files: [],
      because: expect.stringMatching(/last geometry.*left out: WAVECAR: torn/),
    })
  })
})
