import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Preparation, PseudopotentialFile, Structure } from '@crystalmath/contract'
import { afterAll, describe, expect, it } from 'vitest'
import type { Task } from '../code-writes.ts'
import { filesBelow, runPreparation } from '../writing/run-preparation.ts'
import { SILICON, sampleTask, type TaskParts } from '../writing/sample-task.ts'
import { pwArtefactFault } from './artefacts.ts'
import { readUpfHeader } from './pseudopotentials.ts'
import { quantumEspressoWrites } from './writes.ts'

const FOLDER = '/usr/share/espresso/pseudo'
const hasPw = existsSync('/usr/bin/pw.x') && existsSync(FOLDER)
const hasAse = spawnSync('/usr/bin/python3', ['-c', 'import ase']).status === 0
if (!hasPw) console.warn('pw.x or its pseudopotentials are not installed: runs of pw.x are skipped')
if (!hasAse) console.warn('python3-ase is not installed: inputs are not read back')

const here = mkdtempSync(join(tmpdir(), 'crystalmath-qe-'))
afterAll(() => rmSync(here, { recursive: true }))
const folder = (name: string): string => mkdtempSync(join(here, `${name}-`))

const files: readonly PseudopotentialFile[] = hasPw
  ? readdirSync(FOLDER).flatMap((fileName) => {
      const header = readUpfHeader(readFileSync(join(FOLDER, fileName), 'latin1').slice(0, 65_536))
      return header === null ? [] : [{ ...header, fileName, md5: '' }]
    })
  : []
const task = (parameters: TaskParts['parameters'], over: Partial<TaskParts> = {}): Task =>
  sampleTask({ code: 'quantum-espresso', files, clusterCode: { pseudopotentialFolder: FOLDER }, ...over, parameters })

const preparationOf = (one: Task) => {
  const prepared = quantumEspressoWrites.prepare(one)
  if (!prepared.ok) throw new Error(JSON.stringify(prepared.problems))
  return prepared.preparation
}
const energies = (output: string): readonly number[] =>
  [...output.matchAll(/^! +total energy += +(\S+) Ry/gm)].map(([, number]) => Number(number))
const silicon = { pseudopotentials: { Si: 'Si.pz-vbc.UPF' }, cutoffRydberg: 16, kMesh: [2, 2, 2] }
const displaced: Structure = {
  ...SILICON,
  positionsAngstrom: [
    [0.03, 0, 0.08],
    [1.3575, 1.3575, 1.3575],
  ],
}

/** Runs pw.x and writes its stop file as soon as it prints `sign`. */
async function stoppedAt(
  sign: string,
  cwd: string,
  preparation: Preparation,
): Promise<{ readonly exitCode: number | null; readonly output: string }> {
  runPreparation(cwd, { ...preparation, steps: [] })
  const [step] = preparation.steps
  const run = spawn(step?.program ?? '', [...(step?.args ?? [])], {
    cwd,
    env: { ...process.env, OMP_NUM_THREADS: '1', OMPI_ALLOW_RUN_AS_ROOT: '1', OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: '1' },
  })
  let output = ''
  run.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
    if (output.includes(sign) && preparation.stopFile)
      writeFileSync(join(cwd, preparation.stopFile.path), preparation.stopFile.text)
  })
  const [exitCode] = (await once(run, 'close')) as [number | null]
  return { exitCode, output }
}

describe.skipIf(!hasPw)('a job that is rendered for pw.x', () => {
  it('gives the energy that an input by hand gives', () => {
    const made = folder('made')
    const { exitCode, output } = runPreparation(
      made,
      preparationOf(task({ ...silicon, smearing: null, electrons: { conv_thr: 1e-10 } })),
    )
    expect([exitCode, output]).toEqual([0, expect.stringContaining('JOB DONE')])
    const byHand = `&control
 calculation='scf', outdir='out', prefix='hand', pseudo_dir='${FOLDER}' /
&system
 ibrav=2, celldm(1)=${5.43 / 0.529177210903}, nat=2, ntyp=1, ecutwfc=16 /
&electrons
 conv_thr=1d-10 /
ATOMIC_SPECIES
Si 28.085 Si.pz-vbc.UPF
ATOMIC_POSITIONS alat
Si 0 0 0
Si 0.25 0.25 0.25
K_POINTS automatic
2 2 2 0 0 0
`
    const hand = runPreparation(folder('hand'), { ...preparationOf(task(silicon)), files: [{ path: 'pw.in', text: byHand }] })
    expect(energies(output)[0]).toBeCloseTo(energies(hand.output)[0] ?? Number.NaN, 7)
  })

  it.each([
    ['silicon', { ...silicon }, SILICON],
    ['silicon, finer', { ...silicon, cutoffRydberg: 40, kMesh: [4, 4, 4], system: { nbnd: 20 } }, SILICON],
    [
      'copper with an ultrasoft potential',
      { pseudopotentials: { Cu: 'Cu.pz-d-rrkjus.UPF' }, cutoffRydberg: 30, kMesh: [2, 2, 2] },
      { ...SILICON, species: ['Cu', 'Cu'] },
    ],
  ] as const)(
    'needs the memory that is estimated, within a factor of three of what pw.x says: %s',
    (_, parameters, structure) => {
      const preparation = preparationOf(
        task(
          { ...parameters, electrons: { electron_maxstep: 1, scf_must_converge: false } },
          { structure: { ...structure, species: [...structure.species] } },
        ),
      )
      const { output } = runPreparation(folder('memory'), preparation)
      const [, amount = '', unit] =
        /Estimated (?:max|total) dynamical RAM(?: per process)? > +([\d.]+) (MB|GB)/.exec(output) ?? []
      const said = Number(amount) * (unit === 'GB' ? 1_024 : 1)
      const { sharedMebibytes = Number.NaN, mebibytesPerGroup = 0 } = preparation.demand ?? {}
      const ours = sharedMebibytes + mebibytesPerGroup
      process.stderr.write(`memory: pw.x ${said} MiB, ours ${ours} MiB\n`)
      expect(ours).toBeGreaterThan(said / 3)
      expect(ours).toBeLessThan(said * 3 + 10)
    },
  )

  it('leaves a density whose size is what its header says', () => {
    const made = folder('density')
    runPreparation(made, preparationOf(task({ ...silicon, control: { disk_io: 'low' } })))
    const path = filesBelow(made).find((file) => file.path.endsWith('/charge-density.dat'))
    const head = readFileSync(join(made, path?.path ?? ''))
      .subarray(0, 64)
      .toString('base64')
    const artefacts = { attempt: 1, files: [], cleanStop: true, ranks: 1, codeVersion: null, lastStructure: null }
    const fault = (size: number) => pwArtefactFault({ path: path?.path ?? '', size, head }, artefacts)
    expect(fault(path?.size ?? 0)).toBeNull()
    expect(fault((path?.size ?? 0) - 512)).toMatch(/^torn: \d+ plane waves need/)
  })

  it('runs in pools over several ranks, and stops at its stop file', () => {
    const preparation = preparationOf(task({ ...silicon, pools: 2 }, { request: { resources: { ranks: 2 } } }))
    const parallel = runPreparation(folder('pools'), preparation, 2)
    expect([parallel.exitCode, parallel.output]).toEqual([
      0,
      expect.stringContaining('K-points division:     npool     =       2'),
    ])
    const { stopFile } = preparation
    const stopped = runPreparation(
      folder('stopped'),
      { ...preparation, files: [...preparation.files, ...(stopFile ? [stopFile] : [])] },
      2,
    )
    expect(energies(stopped.output)).toEqual([])
  })

  it('computes bands after the density', () => {
    const made = folder('bands')
    const { exitCode } = runPreparation(
      made,
      preparationOf(
        task({
          ...silicon,
          calculation: 'bands',
          kPoints: [
            [0, 0, 0],
            [0.25, 0, 0.25],
            [0.5, 0, 0.5],
          ],
          system: { nbnd: 6 },
        }),
      ),
    )
    expect([exitCode, readFileSync(join(made, 'bands.out'), 'utf8')]).toEqual([
      0,
      expect.stringContaining('End of band structure calculation'),
    ])
  })

  it('computes bands along the path of HPKOT, where the levels of silicon meet as symmetry says', () => {
    const made = folder('path')
    const { exitCode } = runPreparation(
      made,
      preparationOf(task({ ...silicon, calculation: 'bands', kPath: 'auto', kPathSpacingPerAngstrom: 0.4, system: { nbnd: 6 } })),
    )
    const output = readFileSync(join(made, 'bands.out'), 'utf8')
    expect([exitCode, output]).toEqual([0, expect.stringContaining('End of band structure calculation')])
    const levels = [...output.matchAll(/^ +k = .*\n\n([\s\S]*?)\n\n/gm)].map(([, text]) =>
      (text ?? '').trim().split(/\s+/).map(Number),
    )
    const labels = [
      ...(readFileSync(join(made, 'bands.in'), 'utf8').split('K_POINTS')[1] ?? '').matchAll(
        /^-?\d\.\S+ \S+ \S+ 1(?: ! (\S+))?$/gm,
      ),
    ].map(([, label]) => label)
    expect(labels.filter((label) => label !== undefined).join(' ')).toBe('GAMMA X U K GAMMA L W X')
    const at = (label: string) => levels[labels.indexOf(label)] ?? []
    // Γ25' is threefold, both X levels of the valence are twofold, L3' is twofold
    const apart = (a: number | undefined, b: number | undefined) => Math.abs((a ?? 0) - (b ?? 1))
    expect(
      Math.max(apart(at('GAMMA')[1], at('GAMMA')[3]), apart(at('X')[0], at('X')[1]), apart(at('X')[2], at('X')[3])),
    ).toBeLessThan(0.002)
    expect(apart(at('L')[2], at('L')[3])).toBeLessThan(0.002)
    expect(apart(at('L')[0], at('L')[1])).toBeGreaterThan(1)
  })

  it('starts an antiferromagnet with no moment in all, and a ferromagnet with one', () => {
    const iron: Structure = {
      latticeAngstrom: [
        [2.7, 0, 0],
        [0, 2.7, 0],
        [0, 0, 2.7],
      ],
      species: ['Fe', 'Fe'],
      positionsAngstrom: [
        [0, 0, 0],
        [1.35, 1.35, 1.35],
      ],
    }
    const starts = (initialMomentsBohr: number[]) => {
      const one = task(
        {
          pseudopotentials: { Fe: 'Fe.pz-nd-rrkjus.UPF' },
          cutoffRydberg: 20,
          kMesh: [1, 1, 1],
          electrons: { electron_maxstep: 1, scf_must_converge: false },
          control: { tstress: false, tprnfor: false },
        },
        { structure: { ...iron, initialMomentsBohr } },
      )
      const { output } = runPreparation(folder('iron'), preparationOf(one))
      return {
        total: Number(/total magnetization += +(\S+)/.exec(output)?.[1]),
        absolute: Number(/absolute magnetization += +(\S+)/.exec(output)?.[1]),
      }
    }
    const afm = starts([2, -2])
    expect(Math.abs(afm.total)).toBeLessThan(0.05)
    expect(afm.absolute).toBeGreaterThan(1)
    expect(Math.abs(starts([2, 2]).total)).toBeGreaterThan(1)
  })

  it('goes from the density to phonons of the whole crystal', () => {
    const made = folder('phonons')
    const steps = [
      { program: 'pw', electrons: { conv_thr: 1e-12 } },
      { program: 'ph', qMesh: [1, 1, 1], inputph: { tr2_ph: 1e-12 } },
      { program: 'q2r' },
      {
        program: 'matdyn',
        qPoints: [
          [0, 0, 0],
          [0.1, 0, 0.1],
        ],
      },
    ]
    const { exitCode, output } = runPreparation(made, preparationOf(task({ ...silicon, smearing: null, steps })))
    expect([exitCode, output]).toEqual([0, expect.stringContaining('JOB DONE')])
    const frequencies =
      readFileSync(join(made, 'crystalmath.freq'), 'utf8').trim().split('\n')[2]?.trim().split(/\s+/).map(Number) ?? []
    // three acoustic modes at zero, three degenerate optical ones near 15.5 THz (517 per cm)
    expect(frequencies.slice(0, 3).every((value) => Math.abs(value) < 1)).toBe(true)
    expect(frequencies.slice(3).every((value) => value > 450 && value < 600)).toBe(true)
  })

  it('goes from the density to its densities of states, bands and plots', () => {
    const made = folder('dos')
    const steps = [
      { program: 'pw' },
      { program: 'pw', calculation: 'nscf', kMesh: [3, 3, 3] },
      { program: 'dos', dos: { deltae: 0.1 } },
      { program: 'projwfc', projwfc: { deltae: 0.1 } },
      {
        program: 'pw',
        calculation: 'bands',
        kPoints: [
          [0, 0, 0],
          [0.25, 0, 0.25],
        ],
        system: { nbnd: 6 },
      },
      { program: 'bands' },
      { program: 'pp' },
    ]
    const { exitCode, output } = runPreparation(made, preparationOf(task({ ...silicon, steps })))
    expect([exitCode, output]).toEqual([0, expect.stringContaining('JOB DONE')])
    const there = filesBelow(made)
      .filter(({ size }) => size > 0)
      .map(({ path }) => path)
    expect(there).toEqual(
      expect.arrayContaining([
        'crystalmath.dos',
        'crystalmath.pdos_tot',
        'crystalmath.bands',
        'crystalmath.plot',
        'nscf.out',
        'bands.out',
        'bands-2.out',
      ]),
    )
  })

  it('takes every keyword that the table says it takes as a number or a flag', () => {
    const one = task({
      ...silicon,
      electrons: { diago_full_acc: true, mixing_ndim: 6, adaptive_thr: false },
      system: { nosym: true, 'starting_magnetization(1)': 0.1, nspin: 2, report: 0 },
      control: { nstep: 1, lkpoint_dir: false },
    })
    expect(runPreparation(folder('keywords'), preparationOf(one)).exitCode).toBe(0)
  })

  it('goes on after a clean stop to the energy of an uninterrupted run', async () => {
    const parameters = {
      ...silicon,
      calculation: 'relax',
      kMesh: [3, 3, 3],
      electrons: { conv_thr: 1e-10 },
      system: { nosym: true },
    }
    const whole = runPreparation(folder('whole'), preparationOf(task(parameters, { structure: displaced })))
    expect(whole.exitCode).toBe(0)

    const stopped = task(parameters, { structure: displaced })
    const first = folder('first')
    const { exitCode, output } = await stoppedAt('iteration #  2', first, preparationOf(stopped))
    expect([exitCode, output]).toEqual([2, expect.stringContaining('Program stopped by user request')])

    const artefacts = { attempt: 1, files: filesBelow(first), cleanStop: true, ranks: 1, codeVersion: '6.7', lastStructure: null }
    const plan = quantumEspressoWrites.restart(stopped, artefacts, 'checkpoint')
    if ('refused' in plan) throw new Error(plan.refused)
    const second = folder('second')
    for (const { from, to } of plan.files) {
      mkdirSync(dirname(join(second, to)), { recursive: true })
      cpSync(join(first, from), join(second, to))
    }
    const continued = runPreparation(second, preparationOf(task(parameters, { structure: displaced, restart: plan })))
    expect(continued.output).toContain('Calculation restarted from scf iteration')
    expect(energies(continued.output).at(-1)).toBeCloseTo(energies(whole.output).at(-1) ?? Number.NaN, 6)
  })

  it('reads from the header what pw.x reads from the file', () => {
    const { output } = runPreparation(folder('header'), preparationOf(task(silicon)))
    expect(/Si +(\d+\.\d+) +28\.08/.exec(output)?.[1]).toBe(
      files.find(({ fileName }) => fileName === 'Si.pz-vbc.UPF')?.valenceElectrons?.toFixed(2),
    )
  })
})

describe.skipIf(!hasAse)('an input for pw.x', () => {
  it('holds the structure, as ASE reads it', () => {
    const made = folder('ase')
    const structure: Structure = {
      ...displaced,
      latticeAngstrom: [
        [0, 2.7151234567, 2.715],
        [2.715, 0.1, 2.715],
        [2.715, 2.715, -0.3],
      ],
    }
    const one = sampleTask({
      code: 'quantum-espresso',
      files: [
        { ...(files[0] ?? fallback), fileName: 'Si.UPF', element: 'Si', functional: 'PZ', kind: 'NC', valenceElectrons: 4 },
      ],
      structure,
      parameters: { cutoffRydberg: 20, kMesh: [2, 2, 2] },
    })
    runPreparation(made, { ...preparationOf(one), clusterFiles: [], steps: [] })
    const script =
      "import json, ase.io; a = ase.io.read('pw.in', format='espresso-in'); print(json.dumps([a.cell.tolist(), a.positions.tolist(), a.get_chemical_symbols()]))"
    const { stdout } = spawnSync('/usr/bin/python3', ['-c', script], { cwd: made, encoding: 'utf8' })
    const [cell, positions, symbols] = JSON.parse(stdout)
    expect(symbols).toEqual(structure.species)
    const flat = [...cell.flat(), ...positions.flat()]
    const wanted = [...(structure.latticeAngstrom ?? []).flat(), ...structure.positionsAngstrom.flat()]
    for (const [index, value] of wanted.entries()) expect(flat[index]).toBeCloseTo(value, 9)
  })
})

const fallback: PseudopotentialFile = {
  fileName: '',
  element: 'Si',
  kind: 'NC',
  functional: 'PZ',
  valenceElectrons: 4,
  cutoffRydberg: null,
  densityCutoffRydberg: null,
  relativistic: null,
  md5: '',
}
