import type { InputProblem, Vector3 } from '@crystalmath/contract'
import { allowedValue, unknownKeyword, valueProblem } from '../../writing/keyword-table.ts'
import { memberProblems } from '../../writing/known-keys.ts'
import { aTriple, aWholeNumber, type Check, isRecord, oneOf, parameterProblem } from '../../writing/problems.ts'
import { OURS, WIN_KEYWORDS } from './win-keywords.ts'

export type PathPoint = { readonly label: string; readonly point: Vector3 }

/** Parameters of a job for Wannier90, checked. */
export type WannierSettings = {
  /** `setup` writes `wannier90.nnkp` for the code that makes the overlaps; `wannierise` reads the overlaps. */
  readonly calculation: 'setup' | 'wannierise'
  readonly wannierFunctionCount: number
  readonly bandCount?: number
  /** Γ-centred mesh; its points are written in the order of the mesh. */
  readonly kMesh: Vector3
  /** Lines of the block `projections`: `Si:sp3`, `f=0.25,0.25,0.25:s`, `random`. */
  readonly projections: readonly string[]
  /** Pieces of a path for interpolated bands: points with labels. */
  readonly kPath?: readonly (readonly [PathPoint, PathPoint])[] | 'auto'
  readonly win: ReadonlyMap<string, string | number | boolean>
}

const lines: Check = (value) =>
  Array.isArray(value) &&
  value.every((one) => typeof one === 'string' && /^[^\r\n!#]+$/.test(one) && !/^\s*(begin|end)\b/i.test(one))
    ? null
    : 'a list of lines'
const isPoint = (value: unknown): value is PathPoint =>
  isRecord(value) &&
  typeof value['label'] === 'string' &&
  /^\S{1,20}$/.test(value['label']) &&
  Array.isArray(value['point']) &&
  value['point'].length === 3 &&
  value['point'].every((one) => Number.isFinite(one))
const aPath: Check = (value) =>
  value === 'auto' ||
  (Array.isArray(value) &&
    value.length > 0 &&
    value.every((piece) => Array.isArray(piece) && piece.length === 2 && piece.every(isPoint)))
    ? null
    : '"auto", or a list of pairs of points, each { "label", "point": three fractional coordinates }'

const CHECKS: Readonly<Record<string, Check>> = {
  calculation: oneOf('setup', 'wannierise'),
  wannierFunctionCount: aWholeNumber({ least: 1, most: 100_000 }),
  bandCount: aWholeNumber({ least: 1, most: 100_000 }),
  kMesh: aTriple(aWholeNumber({ least: 1, most: 200 })),
  projections: lines,
  kPath: aPath,
  win: (value) => (isRecord(value) ? null : 'an object of keywords'),
}

export function settingsOf(parameters: Readonly<Record<string, unknown>>): {
  readonly settings: WannierSettings | null
  readonly problems: readonly InputProblem[]
} {
  const missing = ['wannierFunctionCount', 'kMesh'].filter((name) => parameters[name] === undefined)
  const shape = [
    ...memberProblems(parameters, CHECKS, { homeOf: (name) => (Object.hasOwn(WIN_KEYWORDS, name.toLowerCase()) ? 'win' : null) }),
    ...missing.map((name) => parameterProblem(name, `${name} is missing`, `set parameters.${name}`)),
  ]
  if (shape.length > 0) return { settings: null, problems: shape }
  const win = winOf(isRecord(parameters['win']) ? parameters['win'] : {})
  const given = { calculation: 'wannierise', projections: [], ...parameters } as unknown as Omit<WannierSettings, 'win'>
  const settings: WannierSettings = { ...given, win: win.keywords }
  const problems = [...win.problems, ...physicsProblems(settings)]
  return { settings: problems.length > 0 ? null : settings, problems }
}

function winOf(members: Readonly<Record<string, unknown>>): {
  readonly keywords: WannierSettings['win']
  readonly problems: readonly InputProblem[]
} {
  const keywords = new Map<string, string | number | boolean>()
  const problems: InputProblem[] = []
  for (const [written, value] of Object.entries(members)) {
    const word = written.trim().toLowerCase()
    const path = `win.${written}`
    const keyword = Object.hasOwn(WIN_KEYWORDS, word) ? WIN_KEYWORDS[word] : undefined
    const ours = OURS[word]
    const problem =
      ours !== undefined
        ? parameterProblem(path, `${word} is set by the platform, from ${ours}`, 'leave it out', value)
        : keyword === undefined
          ? unknownKeyword(path, word, { win: WIN_KEYWORDS }, value)
          : valueProblem(path, keyword, value)
    if (problem !== null) problems.push(problem)
    else if (typeof value === 'string' && keyword?.type === 'text')
      keywords.set(word, allowedValue(keyword.values ?? [], value) ?? value)
    else keywords.set(word, value as number | boolean)
  }
  return { keywords, problems }
}

function physicsProblems({ wannierFunctionCount, bandCount, win }: WannierSettings): readonly InputProblem[] {
  const number = (name: string) => {
    const value = win.get(name)
    return typeof value === 'number' ? value : undefined
  }
  const problems: InputProblem[] = []
  if (bandCount !== undefined && bandCount < wannierFunctionCount)
    problems.push(
      parameterProblem(
        'bandCount',
        `${bandCount} bands cannot make ${wannierFunctionCount} Wannier functions`,
        `write at least ${wannierFunctionCount}`,
        bandCount,
      ),
    )
  for (const [low, high] of [
    ['dis_win_min', 'dis_win_max'],
    ['dis_froz_min', 'dis_froz_max'],
    ['dis_win_min', 'dis_froz_min'],
    ['dis_froz_max', 'dis_win_max'],
  ] as const) {
    const [from, to] = [number(low), number(high)]
    if (from !== undefined && to !== undefined && (low === 'dis_win_min' && high === 'dis_win_max' ? from >= to : from > to))
      problems.push(
        parameterProblem(
          `win.${low}`,
          `${low} (${from}) lies above ${high} (${to})`,
          'the frozen window must lie inside the outer window',
          from,
        ),
      )
  }
  return problems
}
