import { describe, expect, it } from 'vitest'
import type { Sample } from '../../code-reads.ts'
import { vaspReads } from '../reads.ts'
import { fed, fixture } from './__fixtures__/fed.ts'

/** One result from files by name, as a directory of them gives. */
function resultOf(files: Readonly<Record<string, string>>, full = false) {
  const readings = Object.entries(files).map(([path, text]) => {
    const [name = '', ...folders] = path.split('/').reverse()
    const sample: Sample = { name, folder: folders.reverse().join('/'), head: text.slice(0, 65_536) }
    const kind = vaspReads.recognise(sample) ?? ''
    const open = vaspReads.readers[kind]
    if (open === undefined) throw new Error(`${path} is not recognised`)
    return { kind, file: path, sample, modifiedMs: null, value: fed(open(path, { full }), text) }
  })
  return vaspReads.combine(readings, { full })
}

const [XML, OUTCAR, OSZICAR, CONTCAR, INCAR] = ['vasprun.xml', 'OUTCAR', 'OSZICAR', 'CONTCAR', 'INCAR'].map((name) =>
  fixture(`relax/${name}`),
) as [string, string, string, string, string]
const FOLDER = { 'vasprun.xml': XML, OUTCAR, OSZICAR, CONTCAR, INCAR }
const kinds = (result: ReturnType<typeof resultOf>): string[] => result.diagnoses.map(({ kind }) => kind)

describe('a VASP calculation', () => {
  it('is told from all files of its folder', () => {
    const result = resultOf(FOLDER)
    expect(result).toMatchObject({
      code: 'vasp',
      codeVersion: '5.4.4.18Apr17',
      termination: 'normal',
      electronicConverged: true,
      ionicConverged: true,
      energyEv: -21.908002,
      energyKind: 'sigma0',
      unconvergedEnergyEv: null,
      freeEnergyEv: -21.910002,
      entropyTermEv: -0.004,
      scfEnergyEv: -21.598002,
      dispersionEnergyEv: -0.31,
      energyMethod: 'PBE',
      formula: 'Si2',
      atomCount: 2,
      ionicStepCount: 2,
      scfStepCounts: [3, 3],
      fermiEnergyEv: 5.9,
      bandGapEv: 0.6,
      bandGapDirect: false,
      bandGapSource: 'mesh',
      mpiRankCount: 4,
      threadsPerRank: null,
      coreCount: 4,
      wallSeconds: 9,
      coreHours: 0.01,
      maxMemoryMebibytes: 100,
      continuationStructure: null,
      diagnoses: [],
      warnings: [],
    })
    expect(result.maxForceEvPerAngstrom).toBeCloseTo(0.01, 12)
    expect(result.volumeAngstrom3).toBeCloseTo(54.872, 6)
    expect(result.pressureGpa).toBeCloseTo(0.3, 12)
    expect(result.stressGpa?.[0]).toEqual([-0.3, -0.05, 0])
    expect(result.method).toMatchObject({
      functional: 'PBE',
      dispersion: 'D3(BJ)',
      charge: 0,
      electronCount: 8,
      cutoffEv: 400,
      smearing: 'fermi',
      spinPolarized: false,
      kMesh: [2, 2, 2],
    })
    expect(result.properties.trajectory?.map(({ energyEv }) => energyEv)).toEqual([-21.79901, -21.908002])
  })

  it('says the same whichever of vasprun.xml and OUTCAR is there', () => {
    const [xml, outcar] = [resultOf({ 'vasprun.xml': XML }), resultOf({ OUTCAR })]
    for (const key of [
      'energyEv',
      'freeEnergyEv',
      'scfEnergyEv',
      'forcesEvPerAngstrom',
      'stressGpa',
      'bandGapEv',
      'fermiEnergyEv',
      'scfStepCounts',
      'ionicConverged',
      'formula',
    ] as const) {
      expect([key, outcar[key]]).toEqual([key, xml[key]])
    }
  })

  it('has no energy where its last loop did not converge', () => {
    const text = XML.replace('"NELM">    60<', '"NELM">     3<').replace('"EDIFF">      0.00010000<', '"EDIFF">      0.00000001<')
    const result = resultOf({ 'vasprun.xml': text })
    expect(result).toMatchObject({
      energyEv: null,
      energyKind: null,
      freeEnergyEv: null,
      unconvergedEnergyEv: -21.908002,
      electronicConverged: false,
    })
    expect(kinds(result)).toContain('ELECTRONIC_NOT_CONVERGED')
  })

  it('lets the source with more complete steps decide, and takes of the other what holds for the run', () => {
    const torn = OUTCAR.slice(0, OUTCAR.indexOf('--------------------------------------- Iteration      2(   3)'))
    const result = resultOf({ ...FOLDER, OUTCAR: torn })
    expect(result).toMatchObject({
      energyEv: -21.908002,
      ionicStepCount: 2,
      mpiRankCount: 4,
      dispersionEnergyEv: null,
      termination: 'normal',
    })
    const behind = resultOf({ 'vasprun.xml': XML.slice(0, XML.lastIndexOf('<calculation>')), OUTCAR })
    expect(behind).toMatchObject({ energyEv: -21.908002, ionicStepCount: 2, termination: 'normal' })
    expect(behind.diagnoses).toEqual([])
  })

  it('says where sources disagree', () => {
    const other = resultOf({ ...FOLDER, OUTCAR: OUTCAR.replaceAll('-21.91000200', '-21.91100200') })
    expect(other.diagnoses).toMatchObject([
      { kind: 'SOURCES_DISAGREE', evidence: { file: 'OUTCAR', text: 'TOTEN = -21.911002 eV, not -21.910002 eV' } },
    ])
    expect(other.dispersionEnergyEv).toBeNull()
    expect(kinds(resultOf({ ...FOLDER, OUTCAR: OUTCAR.replace('vasp.5.4.4', 'vasp.6.4.1') }))).toEqual(['SOURCES_DISAGREE'])
    expect(kinds(resultOf({ ...FOLDER, OSZICAR: OSZICAR.replace('-.21910002E+02', '-.21930002E+02') }))).toEqual([
      'SOURCES_DISAGREE',
    ])
    expect(kinds(resultOf({ ...FOLDER, CONTCAR: CONTCAR.replace('     2\n', '     1\n') }))).toEqual(['SOURCES_DISAGREE'])
  })

  it('is truncated where its end is missing, with all before the tear', () => {
    const result = resultOf({ 'vasprun.xml': XML.slice(0, XML.lastIndexOf('<varray name="forces"')) })
    expect(result).toMatchObject({ termination: 'truncated', energyEv: -21.79901, ionicStepCount: 1, ionicConverged: false })
    expect(result.diagnoses).toMatchObject([
      { kind: 'OUTPUT_INCOMPLETE', evidence: { file: 'vasprun.xml', text: '</structure>' } },
    ])
    expect(result.diagnoses[0]?.evidence.line).toBeGreaterThan(100)
  })

  it('tells a crash by its message, first cause first, and the truncation after it', () => {
    const stdout = ` running on    4 total cores\n vasp.5.4.4.18Apr17\n WARNING: small aliasing (wrap around) errors must be expected\n LAPACK: Routine ZPOTRF failed!           3           1           1\n`
    const result = resultOf({ OUTCAR: OUTCAR.slice(0, 9_000), 'vasp.out': stdout })
    expect(result.termination).toBe('error')
    expect(kinds(result)).toEqual(['ZPOTRF', 'ALIASING'])
  })

  it('makes advice a warning where the run is healthy', () => {
    const result = resultOf({
      ...FOLDER,
      'vasp.out': ' vasp.5.4.4.18Apr17\n WARNING: small aliasing (wrap around) errors must be expected\n',
    })
    expect(result.diagnoses).toEqual([])
    expect(result.warnings).toMatchObject([expect.stringContaining('small aliasing')])
  })

  it('looks at the newest job alone where earlier ones left their outputs', () => {
    const old = { 'slurm-9.out': ' running on    4 total cores\n distrk: each\n LAPACK: Routine ZPOTRF failed!\n POSCAR found\n' }
    expect(kinds(resultOf({ ...FOLDER, ...old }))).toEqual(['ZPOTRF'])
    expect(kinds(resultOf({ ...FOLDER, ...old, 'slurm-10.out': ' running on    4 total cores\n POSCAR found\n' }))).toEqual([])
  })

  it('names what stopped the loop before the advice', () => {
    const text = XML.replace('"NELM">    60<', '"NELM">     3<').replace('"EDIFF">      0.00010000<', '"EDIFF">      0.00000001<')
    const result = resultOf({ 'vasprun.xml': text, 'vasp.out': ' vasp.5.4.4\n ALGO=A and IALGO=5X tend to fail\n' })
    expect(kinds(result)).toEqual(['ELECTRONIC_NOT_CONVERGED', 'ALGO_TET'])
  })

  it('expects BRMIX of a charged cell, and forgives a mesh without symmetry', () => {
    expect(kinds(resultOf({ ...FOLDER, INCAR: 'NELECT = 9\n', 'vasp.out': 'BRMIX: very serious problems\n' }))).toEqual([])
    const mesh =
      ' vasp.5.4.4\n Reciprocal lattice and k-lattice belong to different class of lattices. Often results are still useful...\n'
    expect(kinds(resultOf({ 'vasp.out': mesh }))).toEqual(['MESH_SYMMETRY'])
    expect(kinds(resultOf({ INCAR: 'ISYM = 0\n', 'vasp.out': mesh }))).toEqual([])
    expect(kinds(resultOf({ INCAR: 'NELM = 9\n', KPOINTS: 'k\n0\nAuto\n20\n', 'vasp.out': mesh }))).toEqual([])
    expect(kinds(resultOf({ INCAR: 'NELM = 9\n', KPOINTS: 'k\n0\nGamma\n2 2 2\n', 'vasp.out': mesh }))).toEqual(['MESH_SYMMETRY'])
    const torn = { 'vasp.out': ' vasp.5.4.4\n entering main loop\n BRMIX: very serious problems\n' }
    expect(kinds(resultOf(torn))).toEqual(['BRMIX'])
    expect(kinds(resultOf({ ...torn, INCAR: 'NELECT = 9\n' }))).toEqual([])
  })

  it('forgives a minimiser its short step where the relaxation reached its accuracy', () => {
    const short = { 'vasp.out': ' vasp.5.4.4\n BRIONS problems: POTIM should be increased\n' }
    expect(kinds(resultOf(short))).toEqual(['BRIONS'])
    expect(kinds(resultOf({ ...FOLDER, ...short }))).toEqual([])
    const unfinished = OUTCAR.replace(' reached required accuracy - stopping structural energy minimisation\n', '')
    expect(kinds(resultOf({ OUTCAR: unfinished, ...short }))[0]).toBe('BRIONS')
  })

  it('keeps BRMIX as a diagnosis also where the run went on', () => {
    expect(kinds(resultOf({ ...FOLDER, 'vasp.out': 'BRMIX: very serious problems\n' }))).toEqual(['BRMIX'])
  })

  it('judges as custodian does', () => {
    const gaussian = { 'vasprun.xml': XML.replace('"ISMEAR">    -1<', '"ISMEAR">     0<') }
    expect(kinds(resultOf(gaussian))).toEqual(['LARGE_SIGMA'])
    expect(kinds(resultOf({ 'vasprun.xml': XML.replaceAll('-21.', '21.') }))).toContain('POSITIVE_ENERGY')
    const metal = XML.replace('3.0000    1.0000', '3.0000    0.4000').replace('"ISMEAR">    -1<', '"ISMEAR">    -5<')
    expect(kinds(resultOf({ 'vasprun.xml': metal }))).toEqual(['INCORRECT_SMEARING'])
    const coarse = XML.replace('3.0000    1.0000', '3.0000    0.4000').replace(
      '<i type="int" name="IVDW">',
      '<i name="KSPACING"> 0.5</i>\n<i type="int" name="IVDW">',
    )
    expect(kinds(resultOf({ 'vasprun.xml': coarse }))).toEqual(['KSPACING_METAL'])
    const scan = coarse.replace('<i name="KSPACING">', '<i type="string" name="METAGGA"> R2SCAN</i>\n  <i name="KSPACING">')
    expect(kinds(resultOf({ 'vasprun.xml': scan }))).toEqual(['SCAN_METAL'])
    const drifting = OUTCAR.replaceAll(
      'total drift:                                0.000100',
      'total drift:                                0.500000',
    )
    expect(kinds(resultOf({ OUTCAR: drifting }))).toEqual([]) // two steps are too few
    const jump = { OSZICAR: `${OSZICAR}   3 F= 0.83579657E+02 E0= 0.83583891E+02  d E =0.105490E+03\n`, CONTCAR }
    expect(kinds(resultOf(jump))).toEqual(['POTIM', 'POSITIVE_ENERGY'])
    const npt = { OUTCAR: OUTCAR.replace('IBRION =      2', 'IBRION =      0'), INCAR: 'MDALGO = 3\n' }
    expect(kinds(resultOf(npt))).toEqual(['NPT_NOT_SUPPORTED_BY_BINARY'])
  })

  it('says that a relaxation ended before it reached EDIFFG', () => {
    const result = resultOf({
      OUTCAR: OUTCAR.replace(' reached required accuracy - stopping structural energy minimisation\n', ''),
    })
    expect(result.ionicConverged).toBe(false)
    expect(kinds(result)).toEqual(['IONIC_NOT_CONVERGED'])
  })

  it('proves nothing by vasprun.xml alone where the last step does not meet EDIFFG', () => {
    expect(resultOf({ 'vasprun.xml': XML.replaceAll('-0.02000000', '-0.00100000') }).ionicConverged).toBeNull()
    expect(
      resultOf({ 'vasprun.xml': XML.replaceAll('-0.02000000', '-0.00100000').replaceAll('"NSW">    20<', '"NSW">     2<') })
        .ionicConverged,
    ).toBe(false)
  })

  it('proves it by vasprun.xml alone where the next trial step promises far less than EDIFFG', () => {
    const within = (ediffg: string) => resultOf({ 'vasprun.xml': XML.replaceAll('-0.02000000', ediffg) }).ionicConverged
    expect([within('0.00100000'), within('0.00005000')]).toEqual([true, null])
  })

  it('leaves the energy of PSTRESS out, which vasprun.xml adds to the last word of a step', () => {
    const pressed = XML.replaceAll('<i name="EDIFFG">', '<i name="PSTRESS">     10.00000000</i>\n   <i name="EDIFFG">')
    const volume = resultOf({ 'vasprun.xml': XML }).volumeAngstrom3 ?? 0
    expect(resultOf({ 'vasprun.xml': pressed }).freeEnergyEv).toBeCloseTo(-21.910002 - (10 * volume) / 1602.176634, 7)
  })

  it('has no ionic convergence where nothing was relaxed', () => {
    expect(resultOf({ OUTCAR: OUTCAR.replace('IBRION =      2', 'IBRION =     -1') }).ionicConverged).toBeNull()
    expect(resultOf({ OUTCAR: OUTCAR.replace('IBRION =      2', 'IBRION =      0') }).ionicConverged).toBeNull()
    const once = OUTCAR.replace(/NSW {4}= +20/, 'NSW    =      1')
    expect(resultOf({ OUTCAR: once.replace(/ reached required accuracy.*\n/, '') }).ionicConverged).toBeNull()
    expect(resultOf({ OUTCAR: once }).ionicConverged).toBe(true)
  })

  it('continues from a CONTCAR that has moved on', () => {
    const moved = CONTCAR.replace(
      '0.5000000000000000  0.5000000000000000  0.5000000000000000',
      '0.5200000000000000  0.5000000000000000  0.5000000000000000',
    )
    expect(resultOf({ ...FOLDER, CONTCAR: moved }).continuationStructure?.positionsAngstrom[1]?.[0]).toBeCloseTo(1.976, 10)
  })

  it('is told from OSZICAR alone, its convergence by counting', () => {
    expect(resultOf({ OSZICAR })).toMatchObject({
      energyEv: -21.908002,
      electronicConverged: true,
      ionicStepCount: 2,
      warnings: [expect.stringContaining('counting')],
    })
    expect(resultOf({ OSZICAR, INCAR: 'NELM = 3\nEDIFF = 1E-8\n' })).toMatchObject({
      energyEv: null,
      unconvergedEnergyEv: -21.908002,
      electronicConverged: false,
    })
  })

  it('does not judge convergence by a NELM that it does not know', () => {
    const steps = Array.from(
      { length: 70 },
      (_, i) => `RMM: ${String(i + 1).padStart(3)}    -0.2${i}E+02    0.1E+01   -0.1E+01  9461   0.3E-01\n`,
    ).join('')
    const summary = '   1 F= -.28371958E+03 E0= -.28371336E+03  d E =-.283720E+03\n'
    expect(resultOf({ OSZICAR: steps + summary })).toMatchObject({
      electronicConverged: null,
      energyEv: null,
      unconvergedEnergyEv: -283.71336,
    })
    expect(resultOf({ OSZICAR: steps + summary, INCAR: 'NELM = 100\n' })).toMatchObject({
      electronicConverged: true,
      energyEv: -283.71336,
    })
  })

  it('knows a run that never started', () => {
    const result = resultOf({ 'vasp.out': 'failed to locate mpirun!\n' })
    expect(kinds(result)).toEqual(['MPI_START_FAILED', 'NOSTART'])
    expect(kinds(resultOf({ 'std_err.txt': 'slurmstepd: error: Detected 1 oom-kill event(s)\n' }))).toEqual(['OUT_OF_MEMORY'])
    expect(kinds(resultOf({ INCAR, POSCAR: CONTCAR }))).toEqual(['NEVER_STARTED'])
  })

  it('takes one of several calculations in folders, with its own inputs, and says so', () => {
    const result = resultOf({
      'a/OUTCAR': OUTCAR,
      'a/INCAR': INCAR,
      'b/OUTCAR': OUTCAR.replaceAll('-21.9', '-20.9'),
      'b/INCAR': 'NSW = 7\n',
    })
    expect(result).toMatchObject({
      energyEv: -21.908002,
      warnings: ['b: a calculation of its own; it is not part of this result'],
    })
    expect(resultOf({ 'outputs/OUTCAR': OUTCAR, 'inputs/INCAR': 'NSW = 7\n' }).warnings).toEqual([
      'inputs/INCAR: NSW = 7, but outputs/OUTCAR ran with 20',
    ])
  })

  it('tells the images of a chain apart', () => {
    const chain = { INCAR, '01/OUTCAR': OUTCAR, '02/OUTCAR': OUTCAR.replaceAll('-21.9', '-20.9') }
    expect(resultOf(chain).energyEv).toBeNull()
    const images = resultOf(chain).properties['images'] as { folder: string; energyEv: number }[]
    expect(images.map(({ folder, energyEv }) => [folder, energyEv])).toEqual([
      ['01', -21.908002],
      ['02', -20.908002],
    ])
    const image = OUTCAR.replace(
      ' running on    4 total cores',
      ' running on    4 total cores\n each image running on    2 cores',
    )
    expect(resultOf({ ...chain, '01/OUTCAR': image, 'vasprun.xml': XML })).toMatchObject({
      energyEv: null,
      properties: { images: [{ folder: '01' }, { folder: '02' }] },
    })
  })

  it('gives bands, densities of states and every step in full', () => {
    const { properties } = resultOf(FOLDER, true)
    expect(properties.bands?.eigenvaluesEv[0]).toHaveLength(2)
    expect(properties.dos?.energiesEv).toHaveLength(3)
    expect(properties.trajectory?.[0]?.structure?.positionsAngstrom[1]?.[0]).toBeCloseTo(1.824, 10)
    expect(properties.trajectory?.[0]?.forcesEvPerAngstrom?.[0]).toEqual([0.5, 0, 0])
  })
})

describe('recognising VASP files', () => {
  const recognised = (name: string, head: string) => vaspReads.recognise({ name, folder: '', head })

  it('goes by content where the name says nothing', () => {
    expect(recognised('band_si.xml', XML.slice(0, 65_536))).toBe('vasprun')
    expect(recognised('Ge_OUTCAR', '')).toBe('outcar')
    expect(recognised('Ge_PROCAR', 'PROCAR lm decomposed\n')).toBe('procar')
    const levels = '   2   2   1   1\n  0.1E+02  0.4E-09  0.4E-09  0.4E-09  0.1E-15\n  1.0E-004\n  CAR \n Ge\n'
    expect(recognised('Ge_levels', `${levels}     12      1     10\n`)).toBe('eigenval')
    expect(recognised('Ge_states', `${levels}     16.57   -22.64  301   1.54   1.00\n`)).toBe('doscar')
    expect(recognised('run-7', OUTCAR.slice(0, 65_536))).toBe('outcar')
    expect(recognised('steps.txt', OSZICAR)).toBe('oszicar')
    expect(recognised('slurm-42.out', ' running on    4 total cores\n distr:  one band on    4 cores,    1 groups\n')).toBe(
      'stdout',
    )
    expect(recognised('std_err.txt', 'srun: error: vasp_std: task 0: Killed\n')).toBe('stdout')
  })

  it("reads a job's error stream for the launcher's last words", () => {
    expect(recognised('slurm-42.out', 'slurmstepd: error: Detected 1 oom-kill event(s)\n')).toBe('stdout')
    const result = resultOf({
      OUTCAR: OUTCAR.slice(0, 9_000),
      'slurm-42.out': 'slurmstepd: error: *** JOB 42 CANCELLED AT 2024-01-01 DUE TO TIME LIMIT ***\n',
    })
    expect(result.termination).toBe('error')
    expect(kinds(result)[0]).toBe('OUT_OF_WALLTIME')
  })

  it('leaves files of others alone', () => {
    expect(recognised('slurm-42.out', 'Program PWSCF v.7.2 starts\nSIGSEGV\n')).toBeNull()
    expect(recognised('slurm-42.out', 'Program PWSCF v.7.2 starts\n')).toBeNull()
    expect(recognised('data-file-schema.xml', '<?xml version="1.0"?>\n<qes:espresso>\n')).toBeNull()
    expect(recognised('notes.txt', 'hello\n')).toBeNull()
  })
})
