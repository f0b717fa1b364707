import { parseArgs } from 'node:util'
import type { Packing } from '@crystalmath/contract'
import { runCancels } from './cancels.ts'
import { runCauses } from './cause-trials.ts'
import { runFailovers } from './failover-trials.ts'
import { runFaults } from './fault-trials.ts'
import { runRealTrials, type Tally } from './real-trials.ts'
import { compareKPaths } from './references/kpath.ts'
import { judgeManifests } from './references/kube.ts'
import { compareOmol } from './references/omol.ts'
import { comparePresets } from './references/presets.ts'
import { type Compared, together } from './references/python.ts'
import { runRollings } from './rolling-trials.ts'
import { runShares } from './shares.ts'
import { runSimulatedTrials } from './simulation/index.ts'

const { values } = parseArgs({
  options: {
    real: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    trials: { type: 'string' },
    jobs: { type: 'string', default: '50' },
    only: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

if (values.help) {
  process.stdout.write(`npm run trials -- [--real] [--seed N] [--trials M] [--jobs N] [--only NAME]
Without --real: simulated trials in one process, a crash, delay, repeat or loss at any await.
With --real: campaigns on a real Slurm with random kill -9; the runs' own ledger is the judge.
--real --only arrays, --only pilots: the same with jobs that go out together.
--real --only faults[:WORD]: every fault of the table, or those whose names match WORD (a regular expression), and a table of them.
--real --only causes[:WORD]: what pw.x can be made to show, or those whose names contain WORD: diagnosis, verdict and next step.
--only kpath: paths of bands against SeeK-path, for every extended Bravais lattice and every space group (packages from PyPI).
--only presets: presets under other programs' names against atomate2, pymatgen and quacc, key by key (packages from PyPI).
--only kube: every object of k8s/ before a kube-apiserver, strictly (built from its Go module, 6 minutes at first).
--real --only cancels: 30 jobs, each cancelled at a random moment: alone, in an array, in pilots, in turn.
--real --only failover: a NATS server and MongoDB's primary, each one of three, killed under running jobs.
--real --only shares: two projects of unequal weight on sixteen slots, and one that its budget stops.
--real --only rolling: every service stopped and started again, one after the other, under running jobs and requests.
`)
} else {
  const say = (line: string) => void process.stdout.write(`${line}\n`)
  const seed = Number(values.seed)
  const trials = Number(values.trials ?? (values.real ? 6 : 10_000))
  const options = { trials, jobs: Number(values.jobs), seed, environment: process.env, say }
  const PACKING: Readonly<Record<string, Packing>> = { arrays: 'array', pilots: 'pilot' }
  const [group = '', word = ''] = (values.only ?? '').split(':')
  const references: Readonly<Record<string, () => Compared>> = {
    kpath: () => compareKPaths(say),
    kube: () => judgeManifests(say),
    presets: () => together(comparePresets(say), compareOmol(say)),
  }
  const compare = references[group]
  const run = async (): Promise<Tally> => {
    if (!values.real) return await runSimulatedTrials({ trials, seed, say })
    if (group === 'cancels') return await runCancels(options)
    if (group === 'causes') return await runCauses(options, word)
    if (group === 'failover') return await runFailovers(options)
    if (group === 'shares') return await runShares(options)
    if (group === 'rolling') return await runRollings(options)
    return group === 'faults' ? await runFaults(options, word) : await runRealTrials({ ...options, packing: PACKING[group] })
  }
  if (compare === undefined) {
    const tally = await run()
    say(`${tally.trials} trials, ${tally.doubled} doubled, ${tally.lost} lost, ${tally.falseEnds} false ends`)
    process.exitCode = tally.doubled + tally.lost + tally.falseEnds === 0 ? 0 : 1
  } else {
    const { cases, different } = compare()
    say(`${cases} cases compared, ${different} different`)
    process.exitCode = different === 0 ? 0 : 1
  }
}
