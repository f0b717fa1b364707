import { setTimeout as pause } from 'node:timers/promises'
import type { Client } from '@crystalmath/client'
import { HandPilotRequest, type HandPilotView } from '@crystalmath/contract'
import type { Command } from 'commander'
import { type ConnectionFlags, connect, findLogin, withConnection } from '../connection.ts'
import { UsageError } from '../exit.ts'
import { parseCount, parsePair } from '../flags.ts'
import { print, printJson, remark } from '../output/text.ts'

type Flags = ConnectionFlags & {
  readonly project?: string
  readonly campaign?: string
  readonly filter?: Record<string, string>
  readonly maxJobs?: number
  readonly json?: boolean
}

/** The script is sent within a sweep or two, unless the cluster is away. */
const READY_MS = 60_000

/** `crystalmath pilot CLUSTER`. */
export const addPilot = (program: Command): Command =>
  withConnection(program.command('pilot'))
    .description('run waiting jobs inside an allocation that you made yourself: prints the line to start there')
    .argument('<cluster>', 'where the allocation is')
    .option('--project <id>', 'the project (CRYSTALMATH_PROJECT, else the one that login stored)')
    .option('--campaign <id>', 'only jobs of this campaign')
    .option('--filter <key=value>', 'only jobs with this label; may be repeated', parsePair)
    .option('--max-jobs <n>', 'begin so many jobs at most', parseCount)
    .option('--json', 'JSON for programs')
    .addHelpText(
      'after',
      `
The printed line needs nothing but sh, and runs on one node of your allocation. It takes the jobs that most of those waiting ask for, side by
side, until your time is over, no job has come for a minute, or it is stopped: Ctrl-C lets what runs end, Ctrl-C again or SIGTERM
ends it at once, and what has not begun goes elsewhere. No job is bound to it before you start it.

Examples:
  crystalmath pilot alps --campaign 0193b1c2-… --max-jobs 50
  sbatch --nodes 1 --exclusive --time 2:00:00 --wrap "sh $(crystalmath pilot alps)"
  salloc --nodes 1 --exclusive --time 2:00:00      then, in it:
  srun --overlap --disable-status --ntasks 1 --cpus-per-task 64 sh /scratch/ada/crystalmath/.batches/9f…/pilot.sh`,
    )
    .action(prepare)

async function prepare(cluster: string, { project, campaign, filter, maxJobs, json, ...flags }: Flags): Promise<void> {
  const asked = HandPilotRequest.safeParse({
    cluster,
    project: project ?? (await findLogin(flags)).project,
    ...(campaign === undefined ? {} : { campaign }),
    ...(filter === undefined ? {} : { labels: filter }),
    ...(maxJobs === undefined ? {} : { maxJobs }),
  })
  if (!asked.success)
    throw new UsageError(asked.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '))
  const client = await connect(flags)
  const pilot = await untilReady(client, await client.createPilot(asked.data))
  if (json === true) return printJson(pilot)
  const { ranks, threadsPerRank, memoryMebibytes, walltimeSeconds } = pilot.member
  const memory = memoryMebibytes === undefined ? '' : `, ${memoryMebibytes} MiB`
  remark(
    `pilot ${pilot.id} takes jobs of ${ranks * threadsPerRank} cores${memory} and ${walltimeSeconds} s at most; ${pilot.waiting} wait. Start it with sh, on a node of your allocation on ${cluster}:`,
  )
  if (pilot.sight.state === 'asked')
    remark(`its script is not there yet: "crystalmath cluster show ${cluster}" says what that waits for`)
  print(pilot.script)
}

async function untilReady(client: Client, made: HandPilotView): Promise<HandPilotView> {
  let pilot = made
  for (const deadline = performance.now() + READY_MS; pilot.sight.state === 'asked' && performance.now() < deadline; ) {
    await pause(500)
    pilot = await client.pilot(made.id)
  }
  return pilot
}
