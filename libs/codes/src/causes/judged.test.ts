import { describe, expect, it } from 'vitest'
import { readFiles } from '../reading/testing.ts'
import { whatHelps } from '../reading/what-helps.ts'
import { fixture } from '../vasp/read/__fixtures__/fed.ts'
import { vaspReads } from '../vasp/reads.ts'
import { writesOf } from '../writes.ts'
import { CUSTODIAN_JUDGED } from './custodian-judged.ts'

// Every key of the table with files that show it, and with files where a careless reading would show it, too.

type Files = Readonly<Record<string, string>>
type Shown = { readonly shows: Files; readonly silent: readonly Files[] }

const [XML, OUTCAR] = [fixture('relax/vasprun.xml'), fixture('relax/OUTCAR')]
const [OSZICAR, CONTCAR] = [fixture('relax/OSZICAR'), fixture('relax/CONTCAR')]
const xml = (...changes: readonly (readonly [string, string])[]): Files => ({
  'vasprun.xml': changes.reduce((text, [from, to]) => text.replaceAll(from, to), XML),
})
const metal = ['3.0000    1.0000', '3.0000    0.4000'] as const
const smearing = (order: number) => ['"ISMEAR">    -1<', `"ISMEAR">    ${order}<`] as const
const tags = (text: string) => ['<i type="int" name="IVDW">', `${text}\n<i type="int" name="IVDW">`] as const
const kspacing = tags('<i name="KSPACING"> 0.5</i>')
const scan = tags('<i type="string" name="METAGGA"> R2SCAN</i>')
const DRIFT = 'total drift:                                0.000100'
const drifting = (steps: number, size = '0.500000') => {
  const begin = OUTCAR.lastIndexOf('----- Iteration      2(   1)')
  const end = OUTCAR.indexOf(' reached required accuracy')
  const more = Array.from({ length: steps - 2 }, (_, i) =>
    OUTCAR.slice(begin, end).replaceAll('Iteration      2(', `Iteration      ${i + 3}(`),
  )
  return { OUTCAR: (OUTCAR.slice(0, end) + more.join('') + OUTCAR.slice(end)).replaceAll(DRIFT, DRIFT.replace('0.000100', size)) }
}
const MESH =
  ' vasp.5.4.4\n Reciprocal lattice and k-lattice belong to different class of lattices. Often results are still useful...\n'
const SHORT = ' vasp.5.4.4\n entering main loop\n BRIONS problems: POTIM should be increased\n'
const MIXER = ' vasp.5.4.4\n entering main loop\n BRMIX: very serious problems\n'
const oszicar = (...lines: readonly string[]): Files => ({
  OSZICAR: OSZICAR + lines.map((line) => `${line}\n`).join(''),
  CONTCAR,
})
/** Ionic steps of so many electronic ones. */
const loops = (...counts: readonly number[]): string =>
  counts
    .map((count, i) =>
      Array.from(
        { length: count },
        (_, k) => `DAV: ${k + 1}      -0.2150000E+02   -0.10001E+00   -0.10000E+01   100   0.100E+01\n`,
      )
        .join('')
        .concat(`   ${i + 1} F= -.21800010E+02 E0= -.21799010E+02  d E =-.218000E+00\n`),
    )
    .join('')
const dynamics = OUTCAR.replace('IBRION =      2', 'IBRION =      0')

const SHOWN: Readonly<Record<string, Shown>> = {
  'UnconvergedErrorHandler (electrons), NonConvergingErrorHandler': {
    shows: { INCAR: 'NELM = 6\n', OSZICAR: loops(6, 6, 6) + loops(2).split(/^ +1 F/m)[0] },
    silent: [
      { INCAR: 'NELM = 6\n', OSZICAR: loops(6, 6, 4) },
      { INCAR: 'NELM = 6\n', OSZICAR: loops(5, 5, 5) },
    ],
  },
  'UnconvergedErrorHandler (ions)': {
    shows: { OUTCAR: OUTCAR.replace(' reached required accuracy - stopping structural energy minimisation\n', '') },
    silent: [{ OUTCAR: dynamics.replace(' reached required accuracy - stopping structural energy minimisation\n', '') }],
  },
  PositiveEnergyErrorHandler: {
    shows: xml(['-21.', '21.']),
    silent: [{ OSZICAR: 'DAV:   1       0.900000000000E+03    0.90000E+03   -0.10000E+01   100   0.100E+01\n' }],
  },
  PotimErrorHandler: {
    shows: oszicar('   3 F= -.18579657E+02 E0= -.18583891E+02  d E =0.330000E+01'),
    silent: [
      oszicar('   3 F= -.20579657E+02 E0= -.20583891E+02  d E =0.130000E+01'),
      { OSZICAR: '   1 F= 0.18579657E+02 E0= -.18583891E+02  d E =0.330000E+02\n', CONTCAR },
    ],
  },
  LargeSigmaHandler: { shows: xml(smearing(0)), silent: [xml(), xml(smearing(-5))] },
  IncorrectSmearingHandler: {
    shows: xml(metal, smearing(-5)),
    silent: [
      xml(smearing(-5)),
      xml(metal, smearing(-5), ['"IBRION">     2<', '"IBRION">    -1<'], ['"NSW">    20<', '"NSW">     0<']),
    ],
  },
  KspacingMetalHandler: { shows: xml(metal, kspacing), silent: [xml(kspacing), xml(metal)] },
  ScanMetalHandler: { shows: xml(metal, kspacing, scan), silent: [xml(kspacing, scan)] },
  DriftErrorHandler: { shows: drifting(3), silent: [drifting(2), drifting(3, '0.001000')] },
  MeshSymmetryErrorHandler: {
    shows: { 'vasp.out': MESH, KPOINTS: 'k\n0\nGamma\n2 2 2\n' },
    silent: [
      { 'vasp.out': MESH, INCAR: 'ISYM = 0\n' },
      { 'vasp.out': MESH, INCAR: 'KSPACING = 0.3\n' },
      { 'vasp.out': MESH, KPOINTS: 'k\n0\nAuto\n20\n' },
      { ...xml(), 'vasp.out': MESH },
    ],
  },
  'VaspErrorHandler (brmix)': { shows: { 'vasp.out': MIXER }, silent: [{ 'vasp.out': MIXER, INCAR: 'NELECT = 9\n' }] },
  'VaspErrorHandler (brions)': { shows: { 'vasp.out': SHORT }, silent: [{ OUTCAR, 'vasp.out': SHORT }] },
  VaspNpTMDValidator: {
    shows: { OUTCAR: dynamics, INCAR: 'MDALGO = 3\n' },
    silent: [{ OUTCAR: dynamics, INCAR: 'MDALGO = 2\n' }],
  },
  VasprunXMLValidator: { shows: { 'vasprun.xml': XML.slice(0, XML.length / 2) }, silent: [xml()] },
}

const kindsOf = (files: Files) => readFiles(vaspReads, files).diagnoses.map(({ kind }) => kind)

describe.each(CUSTODIAN_JUDGED.map((row) => [row.key, row] as const))('%s', (key, { kind }) => {
  const { shows, silent } = SHOWN[key] as Shown
  it(`is ${kind} where its rule holds`, () => {
    expect(kindsOf(shows)).toContain(kind)
    expect((writesOf('vasp')?.remedies[kind] ?? []).length > 0 || whatHelps(kind) !== null).toBe(true)
  })
  it.each(silent.map((files, i) => [i + 1, files] as const))('is silent where it does not (%i)', (_, files) => {
    expect(kindsOf(files)).not.toContain(kind)
  })
})
