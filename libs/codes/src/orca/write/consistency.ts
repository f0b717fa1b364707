import type { InputProblem, Structure } from '@crystalmath/contract'
import { atomicNumberOf } from '@crystalmath/structures'
import { parameterProblem } from '../../writing/problems.ts'
import { CALCULATIONS, hasOwnDispersion, isComposite, PRESETS } from '../presets.ts'
import type { OrcaSettings } from './settings.ts'
import { BASIS_SETS, METHODS } from './simple-words.ts'

const lower = (words: Iterable<string>): ReadonlySet<string> => new Set([...words].map((word) => word.toLowerCase()))

/** These say how orbitals are occupied, not what is computed: they may stand beside a method. */
const OCCUPATIONS = lower(['HF', 'RHF', 'UHF', 'ROHF', 'RKS', 'UKS', 'ROKS'])
const METHOD_WORDS = lower(METHODS)
const BASIS_WORDS = lower(BASIS_SETS)
const CALCULATION_WORDS = lower([...Object.values(CALCULATIONS).flat(), 'Energy'])
const DISPERSION_WORDS = lower(['D2', 'D3', 'D30', 'D3BJ', 'D3Zero', 'D4', 'VV10', 'NL', 'SCNL'])
const CONVERGENCE = /^(sloppy|loose|normal|strong|tight|verytight|extreme)scf$/i

/** A second method or basis on the `!` line would be taken together with ours: the number of another calculation comes out. */
export function repeatedWords({ keywords }: OrcaSettings): readonly InputProblem[] {
  return keywords.flatMap((word, index) => {
    const home = homeOf(word.toLowerCase())
    return home === null
      ? []
      : [
          parameterProblem(
            `keywords[${index}]`,
            `"${word}" would stand beside what parameters.${home} writes`,
            `move it to parameters.${home}`,
            word,
          ),
        ]
  })
}

function homeOf(word: string): string | null {
  if (METHOD_WORDS.has(word) && !OCCUPATIONS.has(word)) return 'method'
  if (BASIS_WORDS.has(word)) return 'basis'
  if (CALCULATION_WORDS.has(word)) return 'calculation'
  if (DISPERSION_WORDS.has(word)) return 'dispersion'
  return CONVERGENCE.test(word) ? 'scfConvergence' : null
}

/** Settings that count something twice, or that say one thing in two places. Asked of the request alone: a remedy may override one by the other. */
export function doubledSettings(settings: OrcaSettings): readonly InputProblem[] {
  const { method, basis, dispersion, preset, blocks, solvent } = settings
  const name = method ?? PRESETS[preset].method
  const has = (block: string, key: string) =>
    Object.entries(blocks).some(
      ([one, value]) =>
        one.toLowerCase() === block &&
        (Array.isArray(value)
          ? value.some((line) => String(line).trim().toLowerCase().startsWith(key))
          : Object.keys(value as object).some((member) => member.toLowerCase() === key)),
    )
  const twice = (at: string, other: string) =>
    parameterProblem(at, `${at} and ${other} say the same thing twice`, 'leave one of them out')
  return [
    ...(dispersion !== undefined && dispersion !== null && hasOwnDispersion(name)
      ? [
          parameterProblem(
            'dispersion',
            `${name} holds its dispersion already: ${dispersion} would count it twice`,
            'leave dispersion out',
            dispersion,
          ),
        ]
      : []),
    ...(basis !== undefined && isComposite(name)
      ? [parameterProblem('basis', `${name} brings its own basis set`, 'leave basis out', basis)]
      : []),
    ...(settings.scfMaxIterations !== undefined && has('scf', 'maxiter')
      ? [twice('blocks.scf.MaxIter', 'scfMaxIterations')]
      : []),
    ...(settings.optimizationMaxSteps !== undefined && has('geom', 'maxiter')
      ? [twice('blocks.geom.MaxIter', 'optimizationMaxSteps')]
      : []),
    ...(solvent?.model === 'SMD' && has('cpcm', 'smdsolvent') ? [twice('blocks.cpcm.SMDsolvent', 'solvent')] : []),
  ]
}

/** Heaviest element (atomic number) that families of basis sets have functions for: the ORCA manual, and bse.pnl.gov. */
const REACH: readonly (readonly [RegExp, number])[] = [
  [/^(m?6-31)/i, 36],
  [/^6-311/i, 53],
  [/^(3-21|4-22)/i, 55],
  [/^(aug-)?cc-p.*-pp$/i, 86],
  [/^(aug-)?cc-p/i, 54],
  [/^(aug-)?pc(seg|Sseg|J)?-/i, 36],
  [/^(ma-)?def2-/i, 86],
  [/^x2c-/i, 86],
]

const RELATIVISTIC = /^(zora|zora\/ri|dkh2?|iora|iora\/ri|x2c)$/i
/** These sets put an effective core potential on elements beyond krypton. */
const WITH_CORE_POTENTIAL = /^(ma-)?def2-|^lanl|^sdd$|-pp$/i

/** Basis sets that lack an element, or whose core potentials count relativity a second time. */
export function basisProblems(settings: OrcaSettings, { species }: Structure): readonly InputProblem[] {
  const { method, preset, keywords, blocks } = settings
  if (Object.keys(blocks).some((name) => name.toLowerCase() === 'basis')) return []
  if (isComposite(method ?? PRESETS[preset].method)) return []
  const basis = settings.basis ?? (PRESETS[preset].basis || 'def2-TZVP')
  const beyond = (limit: number) => [...new Set(species)].find((symbol) => (atomicNumberOf(symbol) ?? 0) > limit)
  const reach = REACH.find(([pattern]) => pattern.test(basis))?.[1] ?? 200
  const missing = beyond(reach)
  if (missing !== undefined)
    return [
      parameterProblem(
        'basis',
        `${basis} has no functions for ${missing}`,
        'choose a basis set for heavy elements, SARC-DKH-TZVP for example, or give one in blocks.basis',
        basis,
      ),
    ]
  const relativistic = keywords.find((word) => RELATIVISTIC.test(word))
  const heavy = beyond(36)
  return relativistic !== undefined && heavy !== undefined && WITH_CORE_POTENTIAL.test(basis)
    ? [
        parameterProblem(
          'basis',
          `${relativistic} needs all electrons, but ${basis} puts a core potential on ${heavy}`,
          `choose an all-electron set: ${/^x2c/i.test(relativistic) ? 'x2c-TZVPall' : /^dkh/i.test(relativistic) ? 'DKH-def2-TZVP or SARC-DKH-TZVP' : 'ZORA-def2-TZVP or SARC-ZORA-TZVP'}`,
          basis,
        ),
      ]
    : []
}

/** What one atom alone cannot do, and memory that is not there. */
export function taskProblems(
  { calculation, maxCoreMebibytes }: OrcaSettings,
  { species }: Structure,
  { ranks, memoryMebibytes }: { readonly ranks: number; readonly memoryMebibytes?: number | undefined },
): readonly InputProblem[] {
  const moves = calculation !== 'energy' && calculation !== 'gradient'
  return [
    ...(moves && species.length === 1
      ? [parameterProblem('calculation', `one atom alone has no ${calculation}`, 'write "energy"', calculation)]
      : []),
    ...(maxCoreMebibytes !== undefined && memoryMebibytes !== undefined && maxCoreMebibytes * ranks > memoryMebibytes
      ? [
          parameterProblem(
            'maxCoreMebibytes',
            `${ranks} ranks of ${maxCoreMebibytes} MiB are more than the ${memoryMebibytes} MiB of the job`,
            `write at most ${Math.floor((0.75 * memoryMebibytes) / ranks)}`,
            maxCoreMebibytes,
          ),
        ]
      : []),
  ]
}
