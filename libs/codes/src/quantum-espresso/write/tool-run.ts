import type { InputProblem } from '@crystalmath/contract'
import { allowedValue, type Keyword, type KeywordTable, unknownKeyword, valueProblem } from '../../writing/keyword-table.ts'
import { memberProblems } from '../../writing/known-keys.ts'
import { aTriple, aWholeNumber, type Check, isRecord, parameterProblem } from '../../writing/problems.ts'
import { maxSeconds } from './defaults.ts'
import { coordinates, fortranValue } from './fortran.ts'
import type { Scalar } from './namelists.ts'
import { TOOLS, type Tool, type ToolName } from './tool-keywords.ts'

type Parameters = Readonly<Record<string, unknown>>
type Entries = ReadonlyMap<string, Scalar>

export type ToolRun = { readonly text: string; readonly problems: readonly InputProblem[] }

const aRecord: Check = (value) => (isRecord(value) ? null : 'an object of keywords')
const isTriple = (value: unknown): value is readonly [number, number, number] =>
  Array.isArray(value) && value.length === 3 && value.every((one) => Number.isFinite(one))
const qPoints: Check = (value) =>
  Array.isArray(value) && value.length > 0 && value.every(isTriple) ? null : 'a list of q points of three numbers each'
const mesh: Check = aTriple(aWholeNumber({ least: 1, most: 100 }))

/** Convenience keys beside the namelists. */
const EXTRAS: Readonly<Record<ToolName, Readonly<Record<string, Check>>>> = {
  // qMesh: all q of a regular mesh, for force constants; qPoint: one, in units of 2π/alat
  ph: { qMesh: mesh, qPoint: (value) => (isTriple(value) ? null : 'three numbers') },
  q2r: {},
  // qPoints: fractional coordinates of the reciprocal lattice; qMesh: a density of states
  matdyn: { qMesh: mesh, qPoints },
  dos: {},
  projwfc: {},
  bands: {},
  pp: {},
  pw2wannier90: {},
}

/** The input of one of the programs that follow pw.x. */
export function toolRun(name: ToolName, parameters: Parameters, path: string, walltimeSeconds: number): ToolRun {
  const tool: Tool = TOOLS[name]
  const checks = { ...Object.fromEntries(Object.keys(tool.namelists).map((one) => [one, aRecord])), ...EXTRAS[name] }
  const shape = [
    ...memberProblems(parameters, checks, { path, homeOf: homeIn(tool, path) }),
    ...combinationProblems(name, parameters, path),
  ]
  if (shape.length > 0) return { text: '', problems: shape }
  const found = Object.entries(tool.namelists).map(([namelist, table]) => ({
    namelist,
    table,
    ...entriesOf(tool, namelist, table, parameters[namelist], path),
  }))
  const defaults = defaultsOf(name, parameters, walltimeSeconds)
  const lines = found.flatMap(({ namelist, table, entries }) => {
    const ours = new Map<string, Scalar>(Object.entries(tool.ours[namelist] ?? {}))
    return namelistLines(namelist, table, new Map([...ours, ...(defaults[namelist] ?? []), ...entries]))
  })
  const head = name === 'ph' ? ['phonons'] : []
  return {
    text: [...head, ...lines, ...tailOf(name, parameters), ''].join('\n'),
    problems: found.flatMap(({ problems }) => problems),
  }
}

function combinationProblems(
  name: ToolName,
  { qMesh, qPoint, qPoints: list }: Parameters,
  path: string,
): readonly InputProblem[] {
  const both =
    (name === 'ph' && qMesh !== undefined && qPoint !== undefined) ||
    (name === 'matdyn' && qMesh !== undefined && list !== undefined)
  const none = name === 'matdyn' && qMesh === undefined && list === undefined
  if (both) return [parameterProblem(`${path}.qMesh`, 'a mesh and single q points exclude each other', 'leave one of them out')]
  return none
    ? [
        parameterProblem(
          path,
          'matdyn needs q points or a mesh of them',
          'set qPoints (for a path) or qMesh (for a density of states)',
        ),
      ]
    : []
}

function defaultsOf(name: ToolName, { qMesh }: Parameters, walltimeSeconds: number): Readonly<Record<string, Entries>> {
  const [n1, n2, n3] = isTriple(qMesh) ? qMesh : [0, 0, 0]
  if (name === 'ph') {
    const grid: readonly (readonly [string, Scalar])[] = isTriple(qMesh)
      ? [
          ['ldisp', true],
          ['nq1', n1],
          ['nq2', n2],
          ['nq3', n3],
        ]
      : []
    return { inputph: new Map<string, Scalar>([['tr2_ph', 1e-14], ['max_seconds', maxSeconds(walltimeSeconds)], ...grid]) }
  }
  if (name === 'q2r') return { input: new Map([['zasr', 'crystal']]) }
  if (name === 'matdyn') {
    const grid: readonly (readonly [string, Scalar])[] = isTriple(qMesh)
      ? [
          ['dos', true],
          ['nk1', n1],
          ['nk2', n2],
          ['nk3', n3],
        ]
      : [['q_in_cryst_coord', true]]
    return { input: new Map<string, Scalar>([['asr', 'crystal'], ...grid]) }
  }
  if (name === 'pp')
    return {
      inputpp: new Map([['plot_num', 0]]),
      plot: new Map([
        ['iflag', 3],
        ['output_format', 6],
      ]),
    }
  return {}
}

function tailOf(name: ToolName, { qMesh, qPoint, qPoints: list }: Parameters): readonly string[] {
  if (name === 'ph' && qMesh === undefined) return [coordinates(isTriple(qPoint) ? qPoint : [0, 0, 0])]
  if (name === 'matdyn' && Array.isArray(list))
    return [String(list.length), ...list.filter(isTriple).map((row) => coordinates(row))]
  return []
}

const homeIn = (tool: Tool, path: string) => (name: string) => {
  const namelist = Object.keys(tool.namelists).find((one) => Object.hasOwn(tool.namelists[one] ?? {}, name.toLowerCase()))
  return namelist === undefined ? null : `${path}.${namelist}`
}

type Found = { readonly entries: readonly (readonly [string, Scalar])[]; readonly problems: readonly InputProblem[] }

function entriesOf(tool: Tool, namelist: string, table: KeywordTable, members: unknown, path: string): Found {
  const all = Object.entries(isRecord(members) ? members : {}).map(([written, value]) =>
    oneKeyword({ tool, namelist, table, written, value, path: `${path}.${namelist}.${written}` }),
  )
  return { entries: all.flatMap(({ entries }) => entries), problems: all.flatMap(({ problems }) => problems) }
}

type One = {
  readonly tool: Tool
  readonly namelist: string
  readonly table: KeywordTable
  readonly written: string
  readonly value: unknown
  readonly path: string
}

function oneKeyword({ tool, namelist, table, written, value, path }: One): Found {
  const { word = '', indices } = /^(?<word>[^(]*)(?:\((?<indices>[^)]*)\))?$/.exec(written.trim().toLowerCase())?.groups ?? {}
  const none = (problem: InputProblem): Found => ({ entries: [], problems: [problem] })
  if (tool.ours[namelist]?.[word] !== undefined)
    return none(parameterProblem(path, `${word} is set by the platform: outputs are found by it`, 'leave it out', value))
  const keyword = Object.hasOwn(table, word) ? table[word] : undefined
  if (keyword === undefined) return none(unknownKeyword(path, word, tool.namelists, value))
  const dimensions = tool.arrays[word] ?? 0
  const given = indices === undefined ? 0 : indices.split(',').length
  if (indices !== undefined && (given !== dimensions || !/^\d+(\s*,\s*\d+)*$/.test(indices)))
    return none(
      parameterProblem(path, `"${written}" is no member of an array`, `write ${word}${dimensions === 0 ? '' : '(1)'}`, value),
    )
  const problem = valueProblem(path, keyword, value)
  return problem === null
    ? {
        entries: [
          [indices === undefined ? word : `${word}(${indices.replace(/\s+/g, '')})`, canonical(keyword, value as Scalar)],
        ],
        problems: [],
      }
    : none(problem)
}

const canonical = (keyword: Keyword, value: Scalar): Scalar =>
  keyword.type === 'text' && keyword.values !== undefined && typeof value === 'string'
    ? (allowedValue(keyword.values, value) ?? value)
    : value

const namelistLines = (name: string, table: KeywordTable, entries: Entries): readonly string[] => [
  `&${name.toUpperCase()}`,
  ...[...entries].map(([key, value]) => `  ${key} = ${fortranValue(value, table[key.replace(/\(.*$/, '')]?.type === 'real')}`),
  '/',
]
