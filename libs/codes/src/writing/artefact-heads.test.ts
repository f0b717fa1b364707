import { describe, expect, it } from 'vitest'
import type { Artefacts } from '../code-writes.ts'
import { writesOf } from '../writes.ts'
import { type Artefact, artefactFault } from './artefact-heads.ts'
import { pseudopotential, SILICON, sampleTask } from './sample-task.ts'

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

/** 64 bytes of a head, padded, and what it points to. */
const pointing = (head: string, beyond: Uint8Array): string => {
  const own = Uint8Array.from(atob(head), (character) => character.charCodeAt(0))
  const all = new Uint8Array(64 + beyond.length)
  all.set(own)
  all.set(beyond, 64)
  return base64(all)
}
const bytesOf = (values: Float64Array | Int32Array | BigInt64Array) => new Uint8Array(values.buffer)
const RUN = { kPointCount: 4, bandCount: 8, spins: 1 as const }
const HALF = 2.715
/** Record 2 of a WAVECAR: k points, bands, ENCUT, lattice. */
const second = (kPoints: number, bands: number, encut = 400, half = HALF) =>
  bytesOf(new Float64Array([kPoints, bands, encut, 0, half, half, half, 0, half, half, half, 0]))
const wavefunction = (beyond: Uint8Array) => pointing(doubles(RECORD, 1, 45_200), beyond)
const POINTER = 5_000
const pointers = (orbitals = POINTER) => base64(bytesOf(new BigInt64Array([40n, 100n, 900n, BigInt(orbitals), 0n])))
const gbw = (operators: number, functions: number, orbitals = POINTER) =>
  pointing(pointers(orbitals), bytesOf(new Int32Array([operators, functions])))
const GBW = (operators: number, functions: number) => POINTER + 8 + operators * (8 * functions ** 2 + 24 * functions)
const lastRecord = (head: string, before: number, after: number) => pointing(head, bytesOf(new Int32Array([before, after])))
/** Superblock of version 0: the end of the file stands at byte 40. */
const hdf5 = (ends: number) => {
  const bytes = new Uint8Array(64)
  bytes.set([0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a])
  bytes.set(bytesOf(new BigInt64Array([BigInt(ends)])), 40)
  return base64(bytes)
}

type Row = readonly [
  what: string,
  code: 'vasp' | 'quantum-espresso' | 'crystal' | 'wannier90' | 'orca' | 'yambo',
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
  [
    'a wave function of CRYSTAL that was brought along',
    'crystal',
    { path: 'fort.9', size: 9_000, head: integers(400, 1), modifiedSeconds: 1 },
    { startedSeconds: 500 },
    /older than the run/,
  ],
  [
    'a checkpoint of Wannier90 that was brought along',
    'wannier90',
    { path: 'wannier90.chk', size: 9_000, head: chk(33), modifiedSeconds: 1 },
    { startedSeconds: 500 },
    /older than the run/,
  ],
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
  ['a WAVECAR whose second record fits', 'vasp', wavecar(WHOLE, wavefunction(second(4, 8))), {}, null],
  [
    'a WAVECAR that is shorter than its own header says, where the outputs say nothing',
    'vasp',
    wavecar(WHOLE - 9 * RECORD, wavefunction(second(4, 8))),
    { facts: { kPointCount: null, bandCount: null, spins: null } },
    /torn: it has 29 records, and its own 4 k points of 8 bands need 38/,
  ],
  [
    'a WAVECAR of another ENCUT than the run',
    'vasp',
    wavecar(WHOLE, wavefunction(second(4, 8, 520))),
    { facts: { ...RUN, cutoffEv: 400 } },
    /its ENCUT is 520 eV, and the run had 400 eV/,
  ],
  ['a WAVECAR of another cell', 'vasp', wavecar(WHOLE, wavefunction(second(4, 8, 400, 2.9))), {}, /of another cell/],
  ['a WAVECAR with a broken second record', 'vasp', wavecar(WHOLE, wavefunction(second(0.5, 8))), {}, /second record/],
  [
    'a torn density in HDF5',
    'quantum-espresso',
    { path: 'out/crystalmath.save/charge-density.hdf5', size: 900, head: hdf5(4_000) },
    {},
    /torn: it ends at byte 4000 by its own word, and it has 900/,
  ],
  [
    'a wave function of CRYSTAL that ends well',
    'crystal',
    { path: 'fort.9', size: 9_000, head: lastRecord(integers(400, 1), 80, 80) },
    {},
    null,
  ],
  [
    'a wave function of CRYSTAL that ends in a record',
    'crystal',
    { path: 'fort.9', size: 9_000, head: lastRecord(integers(400, 1), 7, 80) },
    {},
    /torn: its last record/,
  ],
  [
    'a torn checkpoint of Wannier90',
    'wannier90',
    { path: 'wannier90.chk', size: 9_000, head: lastRecord(chk(33), 7, 80) },
    {},
    /torn/,
  ],
  [
    'whole orbitals of ORCA',
    'orca',
    { path: 'orca.gbw', size: GBW(1, 43), head: gbw(1, 43) },
    { facts: { ...RUN, basisFunctionCount: 43 } },
    null,
  ],
  [
    'unrestricted orbitals of ORCA, with more behind',
    'orca',
    { path: 'orca.gbw', size: GBW(2, 43) + 999, head: gbw(2, 43) },
    {},
    null,
  ],
  ['torn orbitals of ORCA', 'orca', { path: 'orca.gbw', size: GBW(1, 43) - 8, head: gbw(1, 43) }, {}, /torn: 43 functions need/],
  [
    'orbitals of ORCA cut off before they begin',
    'orca',
    { path: 'orca.gbw', size: 900, head: pointers() },
    {},
    /torn: its orbitals begin at byte 5000/,
  ],
  [
    'orbitals of ORCA in another basis',
    'orca',
    { path: 'orca.gbw', size: GBW(1, 43), head: gbw(1, 43) },
    { facts: { ...RUN, basisFunctionCount: 117 } },
    /of another run: it holds 43 basis functions, and the run had 117/,
  ],
  [
    'restricted orbitals of ORCA of a run with spins',
    'orca',
    { path: 'orca.gbw', size: GBW(1, 43), head: gbw(1, 43) },
    { facts: { ...RUN, spins: 2 } },
    /holds restricted orbitals/,
  ],
  [
    'a text as orbitals of ORCA',
    'orca',
    { path: 'orca.gbw', size: 90, head: text('x'.repeat(24) + '\0'.repeat(8)) },
    {},
    /not that of orbitals/,
  ],
  ['a database of YAMBO', 'yambo', { path: 'SAVE/ns.db1', size: 9_000, head: text('CDF\x01') }, {}, null],
  ['a database of YAMBO in HDF5', 'yambo', { path: 'yambo/ndb.pp', size: 9_000, head: hdf5(9_000) }, {}, null],
  [
    'a torn database of YAMBO',
    'yambo',
    { path: 'yambo/ndb.pp', size: 8_192, head: hdf5(9_000) },
    {},
    /torn: it ends at byte 9000/,
  ],
  ['an empty database of YAMBO', 'yambo', { path: 'yambo/ndb.pp', size: 0 }, {}, /^empty/],
  [
    'a text as a database of YAMBO',
    'yambo',
    { path: 'SAVE/ns.db1', size: 12, head: text('hello world!') },
    {},
    /not that of a database/,
  ],
  [
    'a database of YAMBO that was brought along',
    'yambo',
    { path: 'SAVE/ns.db1', size: 9_000, head: text('CDF\x01'), modifiedSeconds: 1 },
    { startedSeconds: 500 },
    /older than the run/,
  ],
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

  // sound files, but the next attempt computes in another way
  const silicon = pseudopotential({
    fileName: 'potpaw_PBE.54/Si/POTCAR',
    element: 'Si',
    functional: 'PBE',
    kind: 'PAW',
    cutoffRydberg: 18,
  })
  const whole = wavecar(WHOLE, wavefunction(second(4, 8)))
  it.each([
    ['the same', { cutoffEv: 400 }, {}, null],
    ['another ENCUT', { cutoffEv: 520 }, {}, /they are of ENCUT 400 eV, and the next attempt has 520 eV/],
    ['spins', { cutoffEv: 400, incar: { ISPIN: 2 } }, {}, /they are of 1 spin components, and the next attempt has 2/],
    [
      'another data set',
      { cutoffEv: 400 },
      { pseudopotentials: [{ element: 'Si', title: 'PAW_PBE Si_sv 05Jan2001' }] },
      /they are of the data set Si_sv, and the next attempt takes Si/,
    ],
    ['the same data set', { cutoffEv: 400 }, { pseudopotentials: [{ element: 'Si', title: 'PAW_PBE Si 05Jan2001' }] }, null],
  ] as const)('is refused to an attempt of VASP with %s', (_, parameters, facts, said) => {
    const task = sampleTask({ code: 'vasp', parameters, files: [silicon] })
    const plan = writesOf('vasp')?.restart(task, artefacts(whole, { facts: { ...RUN, ...facts } }), 'checkpoint')
    if (said === null) expect(plan).toMatchObject({ files: [{ from: 'WAVECAR' }] })
    else expect(plan).toMatchObject({ files: [], because: expect.stringMatching(said) })
  })
})
