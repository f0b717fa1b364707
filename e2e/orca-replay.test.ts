import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { JobRequestInput, Structure } from '@crystalmath/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStage, type Stage } from './src/index.ts'
import { put, type Replayed, replay, replayScript } from './src/replay.ts'

const RECORDED = resolve(import.meta.dirname, '../libs/codes/src/orca/read/__fixtures__/opt.out')

/** ORCA is licensed, so this is a replay: it asks of its input what ORCA asks, then plays what a run left. */
const ORCA = replayScript(`[ "$1" = orca.inp ] || { echo "Cannot open input file: $1"; exit 2; }
grep -q '^!' orca.inp || { echo 'ERROR: expect a $, !, % or * in the input'; exit 2; }
grep -qi '^\\* *xyz 1 2' orca.inp || { echo 'Element name/number, dummy atom or point charge expected in COORDS'; exit 2; }`)

const HEAD =
  '                                 * O   R   C   A *\n\n                         Program Version 5.0.4 -  RELEASE  -\n'
const ended = (module: string, ...lines: readonly string[]): string =>
  `${HEAD}${lines.map((line) => `${line}\n`).join('')}ORCA finished by error termination in ${module}\n`

const FAILURES: readonly Replayed[] = [
  {
    name: 'an SCF that does not converge',
    said: ended('SCF', '               *           SCF NOT CONVERGED AFTER 125 CYCLES          *'),
    diagnosis: 'ELECTRONIC_NOT_CONVERGED',
    rule: 'more-scf-steps',
    input: /MaxIter 375/,
  },
  {
    name: 'too little MaxCore',
    said: ended(
      'SCF',
      'Error  (ORCA_SCF): Not enough memory available!',
      '       ====>        Please increase MaxCore to more than:   289 MB',
    ),
    diagnosis: 'OUT_OF_MEMORY',
    rule: 'more-memory',
    input: /%maxcore 108/,
  },
  {
    name: 'more processes than pairs',
    said: ended('MDCI', 'Error (ORCA_MDCI): Number of processes (2) in parallel calculation exceeds number of pairs (1)'),
    job: { resources: { walltimeSeconds: 300, memoryMebibytes: 200, ranks: 2 } },
    diagnosis: 'TOO_MANY_CORES',
    rule: 'fewer-ranks',
  },
  {
    name: 'a keyword that ORCA does not know',
    said: `${HEAD}UNRECOGNIZED OR DUPLICATED KEYWORD(S) IN SIMPLE INPUT LINE\n  NEWFUNCTIONAL\n`,
    diagnosis: 'INPUT_ERROR',
    rule: null,
    verdict: /UNRECOGNIZED OR DUPLICATED KEYWORD.*What helps: mend the keyword/,
  },
  {
    name: 'a basis set that lacks an element',
    said: ended('GTOInt', ' ** There are no CABS   basis functions on atom number   1 (F) **'),
    diagnosis: 'BASIS_MISSING',
    rule: null,
    verdict: /no CABS.*What helps: choose a basis set/,
  },
  { name: 'a module that says nothing', said: ended('GTOInt'), diagnosis: 'GTOINT', rule: 'run-again' },
  {
    name: 'a disk that is full',
    said: ended('SCF', '[file orca_tools/qcmsg.cpp, line 394]: No space left on device'),
    diagnosis: 'DISK_FULL',
    rule: 'retry',
  },
  {
    name: 'a signal after the reason',
    said: ended('MDCI', 'Error (ORCA_MDCI): out of memory in KCcor_MO2'),
    error: 'mpirun noticed that process rank 1 with PID 0 on node c1 exited on signal 11 (Segmentation fault).\n',
    diagnosis: 'OUT_OF_MEMORY',
    rule: 'more-memory',
  },
  {
    name: 'a signal alone',
    said: HEAD,
    error: 'mpirun noticed that process rank 1 with PID 0 on node c1 exited on signal 11 (Segmentation fault).\n',
    diagnosis: 'SEGMENTATION_FAULT',
    rule: 'run-again',
  },
  { name: 'an output that stops', said: `${HEAD}SCF ITERATIONS\n`, diagnosis: 'OUTPUT_INCOMPLETE', rule: 'run-again' },
]

const HYDROGEN_FLUORIDE: Structure = {
  latticeAngstrom: null,
  species: ['H', 'F'],
  positionsAngstrom: [
    [0, 0, 0],
    [0, 0, 0.95],
  ],
}

let stage: Stage
beforeAll(async () => {
  stage = await openStage({
    name: 'orca',
    environment: process.env,
    beforeRegistration: async (site) => {
      await put(site, 'orca', ORCA)
      await put(site, 'well.sh', 'cat "$HOME/recorded/orca.out"\n')
      await put(site, 'recorded/orca.out', await readFile(RECORDED, 'utf8'))
      await site.login('chmod +x orca')
    },
  })
  const { spec } = await stage.client.cluster(stage.cluster)
  await stage.client.saveCluster({
    ...spec,
    codes: { ...spec.codes, orca: { executables: { orca: `${stage.site.home}/orca` }, launcher: '' } },
  })
  await stage.client.checkCluster(stage.cluster)
}, 240_000)
afterAll(() => stage?.close())

const job = (name: string): JobRequestInput => ({
  project: stage.project,
  cluster: stage.cluster,
  code: 'orca',
  name,
  structure: HYDROGEN_FLUORIDE,
  parameters: { calculation: 'optimization', method: 'B3LYP', basis: 'def2-SVP', dispersion: 'D3BJ', charge: 1, multiplicity: 2 },
  resources: { walltimeSeconds: 300, memoryMebibytes: 96 },
})

describe('failures of ORCA, replayed', () => {
  it('are diagnosed, and followed by the right step', async () => {
    const jobs = await replay(stage, FAILURES, job, 'orca.inp')
    const [mended] = jobs
    expect(mended?.summary?.energyEv).toBeCloseTo(-99.160117 * 27.211_386, 2)
  }, 240_000)
})
