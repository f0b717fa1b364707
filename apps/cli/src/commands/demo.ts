import { join } from 'node:path'
import type { Command } from 'commander'
import { config } from '../config.ts'
import { formatReport, largestDifferenceEv } from '../demo/report.ts'
import { EXIT } from '../exit.ts'
import { print, remark } from '../output/text.ts'

type Flags = { readonly seed?: string; readonly data?: string; readonly stay?: boolean }

/** Energies are printed with 8 decimals of a rydberg; what differs by more is a wrong number. */
const TOLERANCE_EV = 2e-7

/** `crystalmath demo`: the main job on a real Slurm of its own, checked against plain pw.x. Exit status 1 if a number differs. */
export const addDemo = (program: Command): Command =>
  program
    .command('demo')
    .description(
      'real pw.x jobs through a Slurm site and a platform of its own, checked against plain pw.x (needs root on Debian or Ubuntu)',
    )
    .option('--seed <number>', 'perturbs the structures; a fresh one if absent')
    .option('--data <folder>', 'where the platform of the demo is kept')
    .option('--stay', 'stay up until Ctrl-C, so that the API can be tried (the default on a terminal)')
    .addHelpText('after', '\nExamples:\n  npm run demo\n  npm run demo -- --seed 7 --stay')
    .action(async (flags: Flags) => {
      const seed = flags.seed === undefined ? Date.now() % 100_000 : Number(flags.seed)
      const { runDemo } = await import('../demo/run-demo.ts')
      const began = performance.now()
      const demo = await runDemo({
        seed,
        dataFolder: flags.data ?? join(config.data(), 'demo'),
        environment: config.environment(),
        out: process.stderr,
        say: remark,
      })
      try {
        print(`\n${formatReport(demo.finished)}\n`)
        const worst = largestDifferenceEv(demo.finished)
        const isGood = worst !== null && worst <= TOLERANCE_EV && demo.finished.every(({ job }) => job.status === 'completed')
        print(
          isGood
            ? `every energy is the one that pw.x prints (largest difference ${worst.toExponential(1)} eV)`
            : 'NOT every energy is the one that pw.x prints',
        )
        if (!isGood) process.exitCode = EXIT.bad
        print(`done in ${((performance.now() - began) / 1_000).toFixed(1)} s with --seed ${seed}`)
        const { url, token } = demo.platform
        print(`look at it in a browser: ${url}/#token=${token}`)
        print(`from the command line: export CRYSTALMATH_URL=${url} CRYSTALMATH_TOKEN=${token}; npx crystalmath jobs`)
        print(`documentation of the API: ${url}/docs`)
        if (flags.stay ?? process.stdin.isTTY) await untilInterrupted()
      } finally {
        await demo.close()
      }
    })

const untilInterrupted = (): Promise<void> => {
  remark('Ctrl-C ends it and takes everything down')
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })
}
