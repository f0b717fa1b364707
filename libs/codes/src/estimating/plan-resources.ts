import {
  type ClusterCode,
  type Demand,
  type Estimate,
  type GivenResources,
  type Partition,
  type Preparation,
  Resources,
} from '@crystalmath/contract'
import type { CodeWrites } from '../code-writes.ts'
import { isRecord } from '../writing/problems.ts'
import { type Correction, correctionBy, type FinishedRun, overheadOf } from './finished-runs.ts'
import { divisorsOf } from './plane-waves.ts'

type Parameters = Readonly<Record<string, unknown>>

export type Question = {
  readonly writes: Pick<CodeWrites, 'shareOut'>
  readonly preparation: Pick<Preparation, 'demand' | 'steps'>
  /** What the user names: it is never changed. */
  readonly given: GivenResources
  readonly parameters: Parameters
  readonly clusterCode: ClusterCode
  /** Where it would run; null where nothing is known of the nodes. */
  readonly partition: Partition | null
  /** Finished runs of the same project, code and cluster. */
  readonly runs: readonly FinishedRun[]
}

export type PlannedResources = {
  readonly resources: Resources
  /** With the code's own parallel settings. */
  readonly parameters: Parameters
  /** Null where no law tells what is needed: then the usual values hold. */
  readonly estimate: Estimate | null
}

/** A calculation gets so many cores that it should take no longer. */
const AIM_SECONDS = 3_600
/** A job spends so long before its code computes. */
const START_UP_SECONDS = 60

/** Wall clocks and memory that are asked for: few, so that jobs that are alike go out together. */
const WALL_CLOCKS = [600, 1_800, 3_600, 7_200, 14_400, 28_800, 43_200, 86_400, 172_800, 259_200, 604_800]
const LEAST_MEBIBYTES = 512
const MEBIBYTES = Array.from({ length: 13 }, (_, power) => [
  LEAST_MEBIBYTES * 2 ** power,
  1.5 * LEAST_MEBIBYTES * 2 ** power,
]).flat()
const above = (rungs: readonly number[], value: number): number => rungs.find((rung) => rung >= value) ?? Math.ceil(value)

/** What a job should ask for where its user says nothing: the cores that bring it to an hour, the code's own way to share them out, memory and wall
 * clock with safety, all within what a node and the partition have. Each number comes with its reason. */
export function planResources(question: Question): PlannedResources {
  const { given, parameters, preparation } = question
  const { demand } = preparation
  // laws are of processors: with accelerators nothing is known
  if (demand === undefined || (given.gpusPerNode ?? 0) > 0)
    return { resources: usualResources(given, question.partition), parameters, estimate: null }
  const correction = correctionBy(demand, question.runs)
  const cores = chooseCores(question, demand, correction)
  const { ranks, nodes } = cores
  const wall = chooseWallClock(question, demand, { correction, ranks })
  const shared = question.writes.shareOut?.(demand, ranks, parameters) ?? { set: {}, groups: 1, because: '' }
  const mebibytes = demand.sharedMebibytes + shared.groups * demand.mebibytesPerGroup + ranks * demand.mebibytesPerRank
  const memory = chooseMemory(question, mebibytes / nodes, correction)
  const own = withOwn(parameters, shared.set)
  const resources = Resources.parse({ ...memory.set, ...wall.set, ...given, ranks, nodes })
  const fields = (['nodes', 'ranks', 'memoryMebibytes', 'walltimeSeconds'] as const).filter(
    (name) => given[name] === undefined && resources[name] !== undefined,
  )
  return {
    resources,
    parameters: own.parameters,
    estimate: {
      fields: [...fields.map((name) => `resources.${name}`), ...own.added.map((name) => `parameters.${name}`)],
      because: [
        ...demand.because,
        ...cores.because,
        ...memory.because,
        ...wall.because,
        ...(own.added.length > 0 ? [shared.because] : []),
      ],
      kind: demand.kind,
      coreSeconds: demand.coreSeconds,
      mebibytes,
    },
  }
}

/** Where no law tells what is needed, or the inputs cannot be written: what the user names, else the usual, no wall clock longer than the partition allows. */
export function usualResources(given: GivenResources, partition: Partition | null): Resources {
  const usual = Resources.parse(given)
  const walltimeSeconds = Math.min(usual.walltimeSeconds, partition?.maxWalltimeSeconds ?? usual.walltimeSeconds)
  return given.walltimeSeconds === undefined ? { ...usual, walltimeSeconds } : usual
}

type Cores = { readonly ranks: number; readonly nodes: number; readonly because: readonly string[] }

function chooseCores({ given, partition, preparation, clusterCode }: Question, demand: Demand, { expected }: Correction): Cores {
  const nodes = given.nodes ?? 1
  if (given.ranks !== undefined) return { ranks: given.ranks, nodes, because: [] }
  const isSerial = clusterCode.launcher.trim() === '' && preparation.steps.some(({ parallel }) => parallel)
  const alone = (because: string): Cores => ({ ranks: 1, nodes, because: [`one rank: ${because}`] })
  if (isSerial) return alone('the cluster has no launcher for this code')
  if (partition === null) return alone('nothing is known of the nodes; name a cluster that was checked, or the ranks')
  const perNode = Math.max(1, Math.floor(partition.coresPerNode / (given.threadsPerRank ?? 1)))
  const seconds = (ranks: number) => (demand.coreSeconds * expected * overheadOf(ranks)) / ranks
  const onOne = divisorsOf(perNode).map((ranks) => ({ ranks: ranks * nodes, nodes }))
  const mostNodes = given.nodes === undefined ? Math.min(partition.nodeCount, demand.mostNodes) : nodes
  const onMore = Array.from({ length: 6 }, (_, power) => 2 ** (power + 1))
    .filter((count) => given.nodes === undefined && count <= mostNodes)
    .map((count) => ({ ranks: perNode * count, nodes: count }))
  const isUseful = ({ ranks }: { readonly ranks: number }) => ranks <= demand.mostRanks
  const most = onOne.findLast(isUseful) ?? { ranks: nodes, nodes }
  // a second node only where one would not end well within the partition's limit
  const within = (partition.maxWalltimeSeconds ?? Number.POSITIVE_INFINITY) / 2
  const more = seconds(most.ranks) > within ? onMore.filter(isUseful) : []
  const chosen =
    onOne.find((one) => isUseful(one) && seconds(one.ranks) <= AIM_SECONDS) ??
    more.find((one) => seconds(one.ranks) <= within) ??
    more.at(-1) ??
    most
  const limit = chosen.ranks >= perNode * chosen.nodes ? ', all that the nodes have' : ''
  return {
    ...chosen,
    because: [
      `${chosen.ranks} ${chosen.ranks === 1 ? 'rank' : 'ranks'}: about ${spanOf(seconds(1))} on one core, ${spanOf(seconds(chosen.ranks))} on ${chosen.ranks}${limit}; more than ${demand.mostRanks} would idle`,
    ],
  }
}

type Chosen<K extends string> = { readonly set: { readonly [key in K]?: number }; readonly because: readonly string[] }
type Basis = { readonly correction: Correction; readonly ranks: number }

function chooseMemory({ given, partition }: Question, perNode: number, correction: Correction): Chosen<'memoryMebibytes'> {
  if (given.memoryMebibytes !== undefined) return { set: {}, because: [] }
  const needed = Math.ceil(perNode)
  const wanted = above(MEBIBYTES, needed * correction.memory)
  const has = partition?.memoryMebibytesPerNode ?? null
  // Slurm says 1 of nodes whose memory nobody configured: it is not counted there
  if (has !== null && has < LEAST_MEBIBYTES)
    return { set: {}, because: ['memory is left to the cluster: it does not say what its nodes have'] }
  const why = `memory: about ${needed} MiB on each node; ${correction.memoryBecause}`
  return has === null || wanted <= has
    ? { set: { memoryMebibytes: wanted }, because: [why] }
    : { set: { memoryMebibytes: has }, because: [`${why}; cut to the ${has} MiB that a node has`] }
}

function chooseWallClock(
  { given, partition }: Question,
  { coreSeconds }: Demand,
  { correction, ranks }: Basis,
): Chosen<'walltimeSeconds'> {
  if (given.walltimeSeconds !== undefined) return { set: {}, because: [] }
  const seconds = START_UP_SECONDS + (coreSeconds * correction.time * overheadOf(ranks)) / ranks
  // an hour at least, as long as no run says that less will do
  const wanted = above(WALL_CLOCKS, correction.isMeasured ? seconds : Math.max(3_600, seconds))
  const most = partition?.maxWalltimeSeconds ?? null
  const why = `wall clock: ${correction.timeBecause}`
  return most === null || wanted <= most
    ? { set: { walltimeSeconds: wanted }, because: [why] }
    : {
        set: { walltimeSeconds: most },
        because: [
          `${why}: ${spanOf(seconds)}; cut to the ${spanOf(most)} that the partition allows${seconds > most ? ', which may not do' : ''}`,
        ],
      }
}

type Filled = { readonly parameters: Parameters; readonly added: readonly string[] }

/** The code's own settings beside the user's, which win, whatever depth they stand at. */
function withOwn(parameters: Parameters, set: Parameters, path = ''): Filled {
  const all = Object.entries(set).map(([name, value]): Filled => {
    const before = parameters[name]
    if (isRecord(value) && (before === undefined || isRecord(before))) {
      const inner = withOwn(before ?? {}, value, `${path}${name}.`)
      return { parameters: { [name]: inner.parameters }, added: inner.added }
    }
    return before === undefined ? { parameters: { [name]: value }, added: [`${path}${name}`] } : { parameters: {}, added: [] }
  })
  const added = all.flatMap((one) => one.added)
  return added.length === 0
    ? { parameters, added }
    : { parameters: Object.assign({}, parameters, ...all.map((one) => one.parameters)), added }
}

function spanOf(seconds: number): string {
  if (seconds < 120) return `${Math.ceil(seconds)} s`
  return seconds < 7_200 ? `${Math.ceil(seconds / 60)} min` : `${Number((seconds / 3_600).toPrecision(2))} h`
}
