import {
  type ClusterInventory,
  type ClusterSpec,
  type InputProblem,
  type Partition,
  PermanentError,
  partitionFor,
  type Resources,
  Token,
} from '@crystalmath/contract'
import { schedulerFor } from '@crystalmath/schedulers'
import { nearestWord } from '@crystalmath/structures'

export type Checked = { readonly problems: readonly InputProblem[]; readonly warnings: readonly InputProblem[] }

/** Whether a cluster can give what a job asks for, by what the doctor learnt of it. Otherwise the job would wait for ever, or be refused there. */
export function checkResources(resources: Resources, spec: ClusterSpec, inventory: ClusterInventory): Checked {
  const badWords = wordProblems(resources)
  const words = [...badWords, ...directiveProblems(resources, spec)]
  const { partitions } = inventory
  if (badWords.some(({ path }) => path === 'resources.partition')) return { problems: words, warnings: [] }
  if (partitions.length === 0) return { problems: words, warnings: [] }
  const name = resources.partition ?? spec.defaults.partition
  const partition = partitionFor(name, partitions)
  if (partition === undefined) return { problems: [...words, noPartition(name, spec, partitions)], warnings: [] }
  const others = partitions.filter((one) => one !== partition)
  return {
    problems: [...words, ...limitProblems(resources, partition, others)],
    warnings: warningsOf(resources, partition, spec),
  }
}

/** Names go into the scheduler's words; none of theirs holds anything else. */
const wordProblems = (resources: Resources): readonly InputProblem[] =>
  (['partition', 'account', 'qos'] as const).flatMap((name) => {
    const value = resources[name]
    if (value === undefined || /^[A-Za-z0-9_.,@+-]+$/.test(value)) return []
    return [
      { path: `resources.${name}`, value, message: `is no name that a scheduler gives`, mend: 'letters, digits and _.,@+- only' },
    ]
  })

const ANY_TOKEN = Token.parse('00000000-0000-4000-8000-000000000000.1')

function directiveProblems(resources: Resources, spec: ClusterSpec): readonly InputProblem[] {
  return resources.extraDirectives.flatMap((directive, index) => {
    try {
      schedulerFor(spec.scheduler, { root: spec.root }).submit(ANY_TOKEN, { ...resources, extraDirectives: [directive] })
      return []
    } catch (error) {
      if (!(error instanceof PermanentError)) throw error
      return [
        {
          path: `resources.extraDirectives[${index}]`,
          value: directive,
          message: error.message,
          mend: 'remove it, or use one of the list',
        },
      ]
    }
  })
}

function noPartition(name: string | undefined, spec: ClusterSpec, partitions: readonly Partition[]): InputProblem {
  const names = partitions.map((one) => one.name)
  if (name === undefined) {
    return {
      path: 'resources.partition',
      message: `${spec.name} has no default partition`,
      mend: `name one of: ${names.join(', ')}`,
    }
  }
  const nearest = nearestWord(name, names)
  return {
    path: 'resources.partition',
    value: name,
    message: `${spec.name} has no partition "${name}"`,
    mend: `${nearest === null ? '' : `did you mean ${nearest}? `}one of: ${names.join(', ')}`,
  }
}

type Limit = {
  readonly path: string
  readonly value: number
  /** Of one partition; null: unlimited. */
  readonly most: (partition: Partition) => number | null
  readonly unit: string
}

const limitsOf = (resources: Resources): readonly Limit[] => [
  { path: 'resources.walltimeSeconds', value: resources.walltimeSeconds, most: (p) => p.maxWalltimeSeconds, unit: ' s' },
  { path: 'resources.nodes', value: resources.nodes, most: (p) => p.nodeCount, unit: ' nodes' },
  {
    path: 'resources.ranks',
    value: resources.ranks * resources.threadsPerRank,
    most: (p) => p.coresPerNode * resources.nodes,
    unit: ' cores',
  },
  {
    path: 'resources.memoryMebibytes',
    value: resources.memoryMebibytes ?? 0,
    most: (p) => p.memoryMebibytesPerNode,
    unit: ' MiB per node',
  },
]

function limitProblems(resources: Resources, partition: Partition, others: readonly Partition[]): readonly InputProblem[] {
  return limitsOf(resources).flatMap(({ path, value, most, unit }) => {
    const limit = most(partition)
    if (limit === null || value <= limit) return []
    const roomier = others.filter((other) => (most(other) ?? Number.POSITIVE_INFINITY) >= value).map(({ name }) => name)
    return [
      {
        path,
        value: String(value),
        message: `${value}${unit} are more than the ${limit}${unit} of partition "${partition.name}"${path === 'resources.ranks' ? ` on ${resources.nodes} node${resources.nodes === 1 ? '' : 's'} (ranks times threads)` : ''}`,
        mend: [mendFor(path, value, limit, partition), roomier.length === 0 ? '' : `or use partition ${roomier.join(' or ')}`]
          .filter(Boolean)
          .join(', '),
      },
    ]
  })
}

function mendFor(path: string, value: number, limit: number, partition: Partition): string {
  if (path !== 'resources.ranks') return `at most ${limit}`
  const nodes = Math.ceil(value / Math.max(1, partition.coresPerNode))
  return nodes <= partition.nodeCount
    ? `ask for ${nodes} nodes, or for fewer ranks or threads`
    : `at most ${partition.coresPerNode * partition.nodeCount} cores in all`
}

function warningsOf(resources: Resources, partition: Partition, spec: ClusterSpec): readonly InputProblem[] {
  const idle = resources.nodes > resources.ranks
  return [
    ...(partition.available
      ? []
      : [
          {
            path: 'resources.partition',
            value: partition.name,
            message: `partition "${partition.name}" of ${spec.name} is down; the job waits for it`,
          },
        ]),
    ...(idle
      ? [
          {
            path: 'resources.ranks',
            value: String(resources.ranks),
            message: `${resources.nodes} nodes for ${resources.ranks} ranks leave nodes idle`,
            mend: `at least ${resources.nodes} ranks`,
          },
        ]
      : []),
  ]
}
