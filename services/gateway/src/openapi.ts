import * as contract from '@crystalmath/contract'
import { z } from 'zod'
import type { Route } from './http/route.ts'

type Json = Readonly<Record<string, unknown>>
type Operation = { readonly summary: string; readonly description?: string } & Json
export type OpenApi = {
  readonly openapi: '3.1.0'
  readonly info: { readonly title: string; readonly version: string; readonly description: string }
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Json>>; readonly securitySchemes: Json }
  readonly security: readonly Json[]
}

/** Schemas that stand in the document under their own names; requests are described as a client writes them, answers as they come. */
const REQUESTS = {
  CampaignCreate: contract.CampaignCreate,
  CampaignChange: contract.CampaignChange,
  CampaignReset: contract.CampaignReset,
  JobRequest: contract.JobRequest,
  BulkCreate: contract.BulkCreate,
  ClusterRegistration: contract.ClusterSpec,
  HoldRequest: contract.HoldRequest,
  RetryRequest: contract.RetryRequest,
} as const
const ANSWERS = {
  CampaignView: contract.CampaignView,
  CampaignPage: contract.CampaignPage,
  CampaignCreated: contract.CampaignCreated,
  CampaignStatistics: contract.CampaignStatistics,
  CampaignFailures: contract.CampaignFailures,
  JobView: contract.JobView,
  JobPage: contract.JobPage,
  JobCounts: contract.JobCounts,
  JobEventList: contract.JobEventList,
  EvidenceView: contract.EvidenceView,
  InputsView: contract.InputsView,
  BulkCreated: contract.BulkCreated,
  ResultView: contract.ResultView,
  CalculationResult: contract.CalculationResult,
  FileList: contract.FileList,
  ClusterView: contract.ClusterView,
  ClusterInventory: contract.ClusterInventory,
  UserView: contract.UserView,
  ProjectView: contract.ProjectView,
  TokenView: contract.TokenView,
  DeadLetterView: contract.DeadLetterView,
  Problem: contract.ProblemDocument,
} as const

const uri = (id: string): string => `#/components/schemas/${id}`

function named(
  schemas: Readonly<Record<string, z.ZodType>>,
  io: 'input' | 'output',
): { readonly registry: z.core.$ZodRegistry<{ id?: string }>; readonly schemas: Record<string, Json> } {
  const registry = z.registry<{ id?: string }>()
  for (const [id, schema] of Object.entries(schemas)) registry.add(schema, { id })
  const made = z.toJSONSchema(registry, { uri, io, unrepresentable: 'any' }).schemas
  return { registry, schemas: Object.fromEntries(Object.entries(made).map(([id, schema]) => [id, tidy(schema)])) }
}

/** `$schema` and `$id` belong to documents of their own. */
function tidy(schema: object): Json {
  const { $schema: _schema, $id: _id, ...rest } = schema as Record<string, unknown>
  return rest
}

/** The API's table of routes as an OpenAPI document. */
export function describeApi(routes: readonly Route[]): OpenApi {
  const requests = named(REQUESTS, 'input')
  const answers = named(ANSWERS, 'output')
  const describe = (schema: z.ZodType, io: 'input' | 'output'): Json => {
    const { registry } = io === 'input' ? requests : answers
    const id = registry.get(schema)?.id
    if (id !== undefined) return { $ref: uri(id) }
    const alternatives = schema instanceof z.ZodUnion ? schema.options : null
    if (alternatives !== null) return { anyOf: alternatives.map((option) => describe(option as z.ZodType, io)) }
    if (schema instanceof z.ZodArray) return { type: 'array', items: describe(schema.element as z.ZodType, io) }
    return tidy(z.toJSONSchema(schema, { io, unrepresentable: 'any' }))
  }
  const paths: Record<string, Record<string, Operation>> = {}
  for (const one of routes) {
    const path = one.path.replace('+}', '}')
    paths[path] = { ...paths[path], [one.method]: operationOf(one, describe) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'CrystalMath API',
      version: '1',
      description:
        'Jobs of electronic-structure calculations: submitted, followed, mended and read. Errors are problem documents (RFC 9457).',
    },
    paths,
    components: {
      schemas: { ...requests.schemas, ...answers.schemas },
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
    },
    security: [{ bearer: [] }],
  }
}

type Describe = (schema: z.ZodType, io: 'input' | 'output') => Json

function operationOf(one: Route, describe: Describe): Operation {
  return {
    summary: one.summary,
    ...(one.description === undefined ? {} : { description: one.description }),
    operationId: `${one.method}${one.path.replace(/^\/v1/, '').replace(/[^A-Za-z]+(\w)?/g, (_, letter: string | undefined) => (letter ?? '').toUpperCase())}`,
    tags: [one.tag],
    parameters: parametersOf(one, describe),
    ...bodyOf(one, describe),
    responses: {
      ...Object.fromEntries(
        Object.entries(one.answers).map(([status, { description, schema, type }]) => [
          status,
          {
            description,
            ...(schema !== undefined
              ? { content: { 'application/json': { schema: describe(schema, 'output') } } }
              : type !== undefined
                ? { content: { [type]: {} } }
                : {}),
          },
        ]),
      ),
      default: { description: 'A problem', content: { 'application/problem+json': { schema: { $ref: uri('Problem') } } } },
    },
    ...(one.allow === 'anyone' ? { security: [] } : {}),
  }
}

function bodyOf(one: Route, describe: Describe): Json {
  const schema = one.body ?? one.streams?.schema
  if (schema === undefined) return {}
  const others = Object.fromEntries((one.streams?.types ?? []).map((type) => [type, {}]))
  return { requestBody: { required: true, content: { 'application/json': { schema: describe(schema, 'input') }, ...others } } }
}

function parametersOf(one: Route, describe: Describe): readonly Json[] {
  const inPath = [...one.path.matchAll(/\{(\w+)\+?\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))
  const inQuery = Object.entries(one.query?.shape ?? {}).map(([name, schema]) => {
    const { description, ...rest } = describe(schema as z.ZodType, 'input')
    return { name, in: 'query', required: false, ...(description === undefined ? {} : { description }), schema: rest }
  })
  const key = {
    name: 'Idempotency-Key',
    in: 'header',
    required: false,
    schema: { type: 'string', maxLength: 200 },
    description: 'The same key and body again get the same answer',
  }
  return [...inPath, ...inQuery, ...(one.method === 'post' ? [key] : [])]
}
