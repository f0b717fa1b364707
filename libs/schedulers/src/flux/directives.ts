import { PermanentError, type Resources } from '@crystalmath/contract'

/** Where a job runs; how much comes from the job itself. */
const HARMLESS = new Set(['requires', 'exclusive', 'urgency'])

/** One option as a user wrote it, `--requires=host:c7`; throws for anything that is not on the list. */
export function harmless(directive: string): string {
  const [, name] = /^--([a-z-]+)(=[A-Za-z0-9_.:,@|&()[\]-]+)?$/.exec(directive) ?? []
  if (name !== undefined && HARMLESS.has(name)) return directive
  throw new PermanentError(
    `the directive "${directive}" is not one of those that jobs may set: ${[...HARMLESS].sort().join(', ')}`,
  )
}

/** What a job asks for, as options of `flux batch`: one slot per rank. Flux has neither memory limits nor a QOS. */
export function directives(resources: Resources): readonly string[] {
  if (resources.qos !== undefined) throw new PermanentError(`Flux knows no qos; "${resources.qos}" was asked for`)
  const { partition, account, nodes, ranks, threadsPerRank, gpusPerNode, walltimeSeconds } = resources
  if (gpusPerNode > 0 && (gpusPerNode * nodes) % ranks !== 0)
    throw new PermanentError(`Flux gives GPUs by rank: ${gpusPerNode * nodes} GPUs cannot be shared evenly by ${ranks} ranks`)
  return [
    ...(partition === undefined ? [] : [`--queue=${partition}`]),
    ...(account === undefined ? [] : [`--bank=${account}`]),
    `--nodes=${nodes}`,
    `--nslots=${ranks}`,
    `--cores-per-slot=${threadsPerRank}`,
    ...(gpusPerNode > 0 ? [`--gpus-per-slot=${(gpusPerNode * nodes) / ranks}`] : []),
    `--time-limit=${Math.ceil(walltimeSeconds)}s`,
    ...resources.extraDirectives.map(harmless),
  ]
}
