import { isDeepStrictEqual } from 'node:util'
import {
  calculationHash,
  type FinishedRun,
  type PlannedResources,
  planResources,
  usualResources,
  writesOf,
} from '@crystalmath/codes'
import {
  type ClusterCode,
  type ClusterInventory,
  type InputProblem,
  JobRequest,
  type Partition,
  partitionFor,
  type Structure,
} from '@crystalmath/contract'
import { formulaOf } from '@crystalmath/structures'
import { problemsOf } from '../http/zod-problems.ts'
import { findUsableCluster } from './cluster.ts'
import type { CheckContext, ReadStructure } from './context.ts'
import { checkResources } from './resources.ts'

/** A row that can become a job as it is. */
export type GoodRow = {
  readonly row: number
  readonly ok: true
  readonly request: JobRequest
  readonly name: string
  readonly structure: Structure | null
  readonly structureHash: string | null
  readonly warnings: readonly InputProblem[]
  /** What it computes, whatever the version of its code; null: not known yet. */
  readonly calculationHash: string | null
  /** Settings that it begins with: the request's, and what was estimated beside them. */
  readonly inForce: InForce
}
type InForce = PlannedResources
export type BadRow = { readonly row: number; readonly ok: false; readonly problems: readonly InputProblem[] }

/** A job lies in one document of MongoDB, 16 MiB at most; this leaves room for its history. */
const MAX_FILE_BYTES = 8 * 2 ** 20

/** POTCAR text is stored nowhere; the second tells it under any name. */
const LICENSED_NAME = /(^|\/)(POTCAR([._-].*)?|POT_[^/]*|PSCTR[^/]*)$/i
const LICENSED_TEXT = /^ *VRHFIN *=/m

/** Everything that is wrong with one row, found before anything is created: fields, structure, cluster, resources, and whether its inputs can be written. */
export function checkRow(context: CheckContext, sent: unknown, row: number): GoodRow | BadRow {
  const bad = (problems: readonly InputProblem[]): BadRow => ({
    row,
    ok: false,
    problems: problems.map((problem) => ({ ...problem, row })),
  })
  const parsed = JobRequest.safeParse(sent)
  if (!parsed.success) return bad(problemsOf(parsed.error, sent, JobRequest))
  const request = parsed.data
  const structure: ReadStructure | null = request.structure === undefined ? null : context.structureOf(request.structure)
  const found = findUsableCluster(context, request.cluster, request.code)
  const standIn = handedOver(context, request)
  const problems = [
    ...(structure?.ok === false ? structure.problems : []),
    ...ownProblems(request),
    ...standIn.problems,
    ...(found.ok ? [] : [found.problem]),
  ]
  if (!found.ok) return bad(problems)
  const { spec, inventory, clusterCode } = found.cluster
  const partition = partitionFor(request.resources.partition ?? spec.defaults.partition, inventory.partitions) ?? null
  const runs = context.runsOf(request.project, request.cluster, request.code)
  const whole = structure?.ok === false ? null : { structure: structure?.structure ?? null, hash: structure?.hash ?? null }
  const inputs =
    whole === null || standIn.problems.length > 0
      ? { problems: [], warnings: [], calculationHash: null, inForce: asAsked(request, partition) }
      : checkInputs(request, standIn.structure ?? whole.structure, {
          clusterCode,
          inventory,
          partition,
          runs,
          guesses: context.guesses,
        })
  const resources = checkResources(inputs.inForce.resources, spec, inventory)
  const all = [...problems, ...resources.problems, ...inputs.problems]
  if (all.length > 0 || whole === null) return bad(all)
  const said = structure?.ok === true ? structure.warnings.map((message) => ({ path: 'structure', message })) : []
  return {
    row,
    ok: true,
    request,
    name: request.name ?? nameOf(request, standIn.structure ?? whole.structure),
    structure: whole.structure,
    structureHash: whole.hash,
    warnings: [...said, ...resources.warnings, ...inputs.warnings].map((warning) => ({ ...warning, row })),
    calculationHash: standIn.structure === null ? inputs.calculationHash : null,
    inForce: inputs.inForce,
  }
}

const nameOf = ({ code }: JobRequest, structure: Structure | null): string =>
  structure === null ? code : formulaOf(structure.species)

/** Where the geometry comes from the job before, the one that it began from is good enough to check the rest with. */
function handedOver(
  { structuresBefore }: CheckContext,
  { structureFrom, after, structure }: JobRequest,
): { readonly structure: Structure | null; readonly problems: readonly InputProblem[] } {
  if (structureFrom === undefined) return { structure: null, problems: [] }
  const bad = (message: string, mend: string) => ({
    structure: null,
    problems: [{ path: 'structureFrom', value: structureFrom, message, mend }],
  })
  if (after === undefined) return bad('needs a job to take the structure from', 'name it in "after"')
  if (structure !== undefined)
    return bad('stands beside a structure of its own', 'leave out either "structure" or "structureFrom"')
  const before = structuresBefore.get(after)
  return before === undefined
    ? bad(`job ${after} has no structure to hand over`, 'name a job that has one, or give "structure"')
    : { structure: before, problems: [] }
}

/** What no other check looks at: label names, twice the same file, too much text. */
function ownProblems({ labels, extraFiles }: JobRequest): readonly InputProblem[] {
  const names = Object.keys(labels).filter((name) => !/^[A-Za-z0-9_:/+-]{1,100}$/.test(name))
  const paths = extraFiles.map(({ path }) => path)
  const twice = paths.filter((path, index) => paths.indexOf(path) !== index)
  const licensed = extraFiles.filter(({ path, text }) => LICENSED_NAME.test(path) || LICENSED_TEXT.test(text))
  const bytes = extraFiles.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0)
  return [
    ...licensed.map(({ path }) => ({
      path: 'extraFiles',
      value: path,
      message: 'is a pseudopotential under licence, which never leaves its cluster',
      mend: "leave it out; POTCARs come from the cluster's own pseudopotentialFolder",
    })),
    ...names.map((name) => ({
      path: 'labels',
      value: name,
      message: 'is no name for a label',
      mend: 'letters, digits and _:/+- only',
    })),
    ...twice.map((path) => ({ path: 'extraFiles', value: path, message: 'is given twice', mend: 'give each file once' })),
    ...(bytes > MAX_FILE_BYTES
      ? [
          {
            path: 'extraFiles',
            value: `${bytes} bytes`,
            message: 'are too much text for one job',
            mend: `at most ${MAX_FILE_BYTES} bytes in all; put larger files on the cluster`,
          },
        ]
      : []),
  ]
}

type Surroundings = {
  readonly clusterCode: ClusterCode
  readonly inventory: ClusterInventory
  readonly partition: Partition | null
  readonly runs: readonly FinishedRun[]
  readonly guesses: CheckContext['guesses']
}

type CheckedInputs = Pick<GoodRow, 'warnings' | 'calculationHash' | 'inForce'> & Pick<BadRow, 'problems'>

const asAsked = ({ parameters, resources }: JobRequest, partition: Partition | null): InForce => ({
  parameters,
  resources: usualResources(resources, partition),
  estimate: null,
})

/** Renders the inputs as the submitter will: what cannot be rendered is refused now, not in the queue. Once to know what they need, and again with the
 * resources that follow from it, unless they were rendered with those at once: what a row before needed is tried first. */
function checkInputs(request: JobRequest, structure: Structure | null, around: Surroundings): CheckedInputs {
  const writes = writesOf(request.code)
  const asked = asAsked(request, around.partition)
  const refused = (problems: readonly InputProblem[]): CheckedInputs => ({
    problems,
    warnings: [],
    calculationHash: null,
    inForce: asked,
  })
  if (writes === undefined) {
    const message = `inputs of ${request.code} cannot be written by this release`
    return refused([
      { path: 'code', value: request.code, message, mend: 'submit it as code "script" with its own inputs in extraFiles' },
    ])
  }
  const { structure: _, ...rest } = request
  const { clusterCode, inventory, partition, runs, guesses } = around
  const alike = JSON.stringify([request.cluster, request.code, request.resources])
  const prepare = ({ parameters, resources }: InForce) =>
    writes.prepare({ request: rest, structure, parameters, resources, clusterCode, inventory, restart: null })
  const guess = guesses.get(alike)
  const guessed = guess === undefined ? null : prepare({ ...asked, resources: guess })
  const isGuessed = guessed?.ok === true
  const first = isGuessed ? guessed : prepare(asked)
  if (!first.ok) return refused(first.problems)
  const question = {
    writes,
    preparation: first.preparation,
    given: request.resources,
    parameters: request.parameters,
    clusterCode,
    partition,
    runs,
  }
  const inForce = planResources(question)
  // beside what was asked for, memory and wall clock alone change what is warned of, and lines that do not count
  const isSame =
    inForce.parameters === request.parameters &&
    (isGuessed
      ? isDeepStrictEqual(inForce.resources, guess)
      : inForce.resources.ranks === asked.resources.ranks && first.preparation.warnings.length === 0)
  if (!isSame) guesses.set(alike, inForce.resources)
  const prepared = isSame ? first : prepare(inForce)
  if (!prepared.ok) return refused(prepared.problems)
  const { preparation } = prepared
  return {
    problems: [],
    warnings: preparation.warnings.map((message) => ({ path: 'parameters', message })),
    // which version will run is not known before it does
    calculationHash: calculationHash({
      code: request.code,
      codeVersion: '',
      structure,
      preparation,
      incidental: writes.incidental,
    }),
    inForce,
  }
}
