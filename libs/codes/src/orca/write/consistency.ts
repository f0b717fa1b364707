import type { InputProblem, Structure } from '@crystalmath/contract'
import { parameterProblem } from '../../writing/problems.ts'
import { CALCULATIONS, hasOwnDispersion, isComposite, protocolOf } from '../presets.ts'
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
  const name = method ?? protocolOf(preset).method
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
