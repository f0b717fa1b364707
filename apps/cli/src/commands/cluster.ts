import { readFile } from 'node:fs/promises'
import { type ClusterInventory, type ClusterSpecInput, SchedulerName } from '@crystalmath/contract'
import { type Command, Option } from 'commander'
import { type ConnectionFlags, connect, withConnection } from '../connection.ts'
import { EXIT, UsageError } from '../exit.ts'
import { parseCount } from '../flags.ts'
import { readJson } from '../json-file.ts'
import { formatTable } from '../output/table.ts'
import { ago, cut, print, printJson, printJsonLine, remark } from '../output/text.ts'

type AddFlags = ConnectionFlags & {
  readonly name?: string
  readonly scheduler?: SchedulerName
  readonly host?: string
  readonly port?: number
  readonly user?: string
  readonly key?: string
  readonly root?: string
  readonly partition?: string
  readonly account?: string
  readonly interval?: number
  readonly offline?: boolean
  readonly json?: boolean
}

const ADD_HELP = `
The file is JSON: { "name", "scheduler", "ssh": { "host", "port", "user", "key" }, "root", "codes": { CODE: { "setUp",
"executables", "launcher", "pseudopotentialFolder" } }, "defaults", "maxInFlight", "queueIntervalSeconds",
"pilots": { "shortSeconds", "lastSeconds" } }.

Examples:
  crystalmath cluster add alps.json
  crystalmath cluster add alps.json --partition debug
  crystalmath cluster add --name alps --scheduler slurm --host login.alps.example --user me --key id_ed25519 --root /scratch/me/cm`

/** `crystalmath cluster add | check | list | show | remove`. */
export function addCluster(program: Command): Command {
  const cluster = program.command('cluster').description('register, check and list clusters')
  withConnection(cluster.command('add'))
    .description('register a cluster that the doctor finds able to work, or change it; administrators only')
    .argument('[file]', 'JSON file; flags go before what it says')
    .option('--name <name>')
    .addOption(new Option('--scheduler <name>').choices([...SchedulerName.options]))
    .option('--host <host>', 'of the login node')
    .option('--port <n>', 'of its sshd', parseCount)
    .option('--user <user>', 'the account there')
    .option('--key <file>', "name of the private key in the services' key folder")
    .option('--root <path>', 'folder there below which everything of ours lies')
    .option('--partition <name>', 'where a job names none')
    .option('--account <name>', 'charged where a job names none')
    .option('--interval <seconds>', 'between two looks at the queue', parseCount)
    .option('--offline', 'register it unseen; nothing is sent there before the doctor has been')
    .option('--json', 'as JSON')
    .addHelpText('after', ADD_HELP)
    .action(add)
  withConnection(cluster.command('check'))
    .description('let the doctor look at a cluster; exit status 1 if it finds an error')
    .argument('<name>')
    .option('--dry-run', 'also submit a trivial job')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExamples:\n  crystalmath cluster check alps --dry-run')
    .action(check)
  withConnection(cluster.command('list'))
    .description('all clusters')
    .option('--json', 'one JSON object per line')
    .addHelpText('after', '\nExamples:\n  crystalmath cluster list')
    .action(list)
  withConnection(cluster.command('show'))
    .description('one cluster, as JSON')
    .argument('<name>')
    .addHelpText('after', '\nExamples:\n  crystalmath cluster show alps > alps.json')
    .action(async (name: string, flags: ConnectionFlags) => printJson(await (await connect(flags)).cluster(name)))
  withConnection(cluster.command('remove'))
    .description('forget a cluster that has no live jobs; administrators only')
    .argument('<name>')
    .addHelpText('after', '\nExamples:\n  crystalmath cluster remove alps')
    .action(async (name: string, flags: ConnectionFlags) => {
      await (await connect(flags)).removeCluster(name)
      print(`${name} is forgotten; what is on it stays`)
    })
  return cluster
}

async function add(file: string | undefined, { json, offline, ...flags }: AddFlags): Promise<void> {
  const said = file === undefined ? {} : readJson(file, await readFile(file, 'utf8'))
  if (typeof said !== 'object' || said === null || Array.isArray(said))
    throw new UsageError(`${file}: must hold one cluster, an object`)
  if (file === undefined && flags.name === undefined)
    throw new UsageError('name a JSON file, or say --name, --scheduler, --host, --user, --key and --root')
  const saved = await (await connect(flags)).saveCluster(merged('spec' in said ? (said.spec as object) : said, flags), {
    offline,
  })
  if (json === true) return printJson(saved)
  print(
    `${saved.spec.name}: ${saved.spec.scheduler} on ${saved.spec.ssh.user}@${saved.spec.ssh.host}:${saved.spec.ssh.port}, below ${saved.spec.root}`,
  )
  const wrong = saved.inventory?.findings.filter(({ severity }) => severity !== 'ok') ?? []
  for (const { item, severity, evidence, mend } of wrong) remark(`${severity} ${item}: ${evidence}; ${mend}`)
  remark(`next: crystalmath cluster check ${saved.spec.name}${saved.inventory === null ? '' : ' --dry-run'}`)
}

function merged(said: object, flags: AddFlags): ClusterSpecInput {
  const base = said as Partial<ClusterSpecInput>
  const given = <T extends object>(values: T): Partial<T> =>
    Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>
  return {
    ...base,
    ...given({ name: flags.name, scheduler: flags.scheduler, root: flags.root, queueIntervalSeconds: flags.interval }),
    ssh: { ...base.ssh, ...given({ host: flags.host, port: flags.port, user: flags.user, key: flags.key }) },
    defaults: { ...base.defaults, ...given({ partition: flags.partition, account: flags.account }) },
  } as ClusterSpecInput
}

async function check(
  name: string,
  { dryRun, json, ...flags }: ConnectionFlags & { readonly dryRun?: boolean; readonly json?: boolean },
): Promise<void> {
  const client = await connect(flags)
  remark(`looking at ${name}${dryRun === true ? ', with a trivial job' : ''} …`)
  const inventory = await client.checkCluster(name, dryRun ?? false)
  if (inventory.findings.some(({ severity }) => severity === 'error')) process.exitCode = EXIT.bad
  if (json === true) printJson(inventory)
  else print(formatInventory(inventory))
}

const formatInventory = ({ findings, partitions }: ClusterInventory): string =>
  [
    formatTable(
      ['item', 'found', 'evidence', 'what helps'],
      findings.map(({ item, severity, evidence, mend }) => [item, severity, cut(evidence, 90), cut(mend, 90)]),
    ),
    '',
    formatTable(
      ['partition', 'up', '>nodes', '>cores/node', '>memory/node (GiB)', '>longest (h)'],
      partitions.map((partition) => [
        `${partition.name}${partition.isDefault ? ' (default)' : ''}`,
        partition.available ? 'yes' : 'no',
        partition.nodeCount,
        partition.coresPerNode,
        Math.floor(partition.memoryMebibytesPerNode / 1_024),
        partition.maxWalltimeSeconds === null ? 'no limit' : Math.floor(partition.maxWalltimeSeconds / 360) / 10,
      ]),
    ),
  ].join('\n')

async function list({ json, ...flags }: ConnectionFlags & { readonly json?: boolean }): Promise<void> {
  const clusters = await (await connect(flags)).clusters()
  if (json === true) return clusters.forEach(printJsonLine)
  if (clusters.length === 0) return remark('no clusters; "crystalmath cluster add --help" tells how')
  print(
    formatTable(
      ['name', 'scheduler', 'at', 'codes', 'checked', 'state'],
      clusters.map(({ spec, inventory, waitingFor }) => [
        spec.name,
        spec.scheduler,
        `${spec.ssh.user}@${spec.ssh.host}:${spec.ssh.port}`,
        Object.keys(spec.codes).join(', '),
        ago(inventory?.checkedAt ?? null, Date.now()),
        waitingFor === null ? 'ok' : cut(`${waitingFor.kind}: ${waitingFor.because}`, 70),
      ]),
    ),
  )
}
