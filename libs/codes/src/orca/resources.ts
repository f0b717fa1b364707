import { BYTES_PER_MEBIBYTE, type ClusterCode, type Demand, type Structure } from '@crystalmath/contract'
import { atomicNumberOf } from '@crystalmath/structures'
import { basisFunctions, OPERATIONS_PER_SECOND } from '../estimating/basis-size.ts'
import { hasOwnDispersion, isComposite, protocolOf } from './presets.ts'
import type { OrcaSettings } from './write/settings.ts'

const FIRST_CYCLES = 20
const LATER_CYCLES = 12
const GEOMETRIES = 40
/** A gradient costs as much as so many cycles. */
const GRADIENT = 6

type Facts = { readonly settings: OrcaSettings; readonly structure: Structure; readonly clusterCode: ClusterCode }

/** What a run of ORCA will need. */
export function orcaDemand({ settings, structure, clusterCode }: Facts): Demand {
  const { calculation } = settings
  const method = settings.method ?? protocolOf(settings.preset).method
  const basis =
    settings.basis ?? (isComposite(method) ? compositeBasis(method) : protocolOf(settings.preset).basis || 'def2-TZVP')
  const words = [method, ...settings.keywords].join(' ')
  const { species } = structure
  const electrons = species.reduce((sum, symbol) => sum + (atomicNumberOf(symbol) ?? 0), -settings.charge)
  const functions = basisFunctions(species, basis)
  const cycle = secondsPerCycle(functions, words)
  const cycles = cyclesOf(calculation, species.length)
  const correlation = correlationOf(words, Math.ceil(electrons / 2), functions)
  const isCalled = clusterCode.executables['orca']?.startsWith('/') === true
  return {
    kind: calculation,
    coreSeconds: cycle * cycles + correlation.seconds * (calculation === 'energy' ? 1 : GEOMETRIES),
    sharedMebibytes: correlation.mebibytes,
    // ORCA takes %maxcore for three quarters of what it is given; a gigabyte per rank is the manual's advice for small jobs
    mebibytesPerGroup: 0,
    mebibytesPerRank: Math.max(1_024, (20 * 8 * functions ** 2) / BYTES_PER_MEBIBYTE) / 0.75,
    mostRanks: isCalled ? Math.max(1, Math.floor(functions / 15)) : 1,
    mostNodes: 1,
    kGroups: 1,
    size: { atoms: species.length, electrons, basisFunctions: functions, cycles },
    because: [
      `${calculation} with ${method}: ${electrons} electrons in about ${functions} basis functions (${basis}), about ${cycles} SCF cycles, gradients and second derivatives counted as such`,
      'ORCA: %maxcore is three quarters of the memory, shared out among the ranks (ORCA manual, "Memory")',
      ...(isCalled ? [] : ['one rank: ORCA needs its full path to run on more, register codes.orca.executables.orca']),
    ],
  }
}

const compositeBasis = (method: string): string =>
  /^hf-3c|xtb|gfn/i.test(method) ? 'MINIX' : /^(pbeh|hse)-?3c/i.test(method) ? 'def2-mSVP' : 'def2-mTZVPP'

const IS_SEMILOCAL = /^(bp86|blyp|pbe|revpbe|rpbe|tpss|r2scan|r2scan-3c|b97-3c|b97m-v|b97m-d4|scan|lda)$/i

/** One Fock matrix: quadratic with density fitting and chain of spheres (Neese et al., Chem. Phys. 356 (2009) 98), a tenth of that without exact exchange, cubic where every integral is made. */
function secondsPerCycle(functions: number, words: string): number {
  const diagonal = (20 * functions ** 3) / OPERATIONS_PER_SECOND
  if (/gfn|xtb/i.test(words)) return 1e-7 * functions ** 2 + diagonal
  if (/\b(nocosx|nori)\b/i.test(words) || (/(^| )(u|r|ro)?hf( |$)/i.test(words) && !/rijcosx|rijk/i.test(words)))
    return 5e-6 * functions ** 3 + diagonal
  const method = words.split(' ')[0] ?? ''
  return (IS_SEMILOCAL.test(method) && !hasOwnExchange(method) ? 3e-4 : 1.5e-3) * functions ** 2 + diagonal
}

const hasOwnExchange = (method: string): boolean => hasOwnDispersion(method) && /^w|b97x|pbeh|hse/i.test(method)

/** Cycles in all, with what gradients and second derivatives cost counted in cycles. */
function cyclesOf(calculation: OrcaSettings['calculation'], atoms: number): number {
  const moves = GEOMETRIES * (LATER_CYCLES + GRADIENT)
  const hessian = 6 * atoms // three response equations and their integrals for each atom
  const after: Readonly<Record<OrcaSettings['calculation'], number>> = {
    energy: 0,
    gradient: GRADIENT,
    optimization: moves,
    frequencies: hessian,
    'optimization-frequencies': moves + hessian,
    'transition-state': moves + hessian,
  }
  return FIRST_CYCLES + after[calculation]
}

/** Correlated methods beside their SCF: o²v²(3N) for RI-MP2, o³v⁴ and twenty iterations of o²v⁴ for canonical coupled cluster, and amplitudes in memory; local ones as five cubic hundredths. */
function correlationOf(
  words: string,
  occupied: number,
  functions: number,
): { readonly seconds: number; readonly mebibytes: number } {
  const virtual = Math.max(1, functions - occupied)
  const amplitudes = (8 * occupied ** 2 * virtual ** 2) / BYTES_PER_MEBIBYTE
  if (/dlpno/i.test(words)) return { seconds: 5e-5 * functions ** 3, mebibytes: 4_096 }
  if (/ccsd|qcisd/i.test(words))
    return {
      seconds:
        (2 * ((/\(t\)/i.test(words) ? occupied ** 3 * virtual ** 4 : 0) + 20 * occupied ** 2 * virtual ** 4)) /
        OPERATIONS_PER_SECOND,
      mebibytes: 6 * amplitudes,
    }
  return /mp2|b2plyp|dsd-|pwpb95/i.test(words)
    ? { seconds: (2 * occupied ** 2 * virtual ** 2 * 3 * functions) / OPERATIONS_PER_SECOND, mebibytes: amplitudes }
    : { seconds: 0, mebibytes: 0 }
}
