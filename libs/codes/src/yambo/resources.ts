import { BYTES_PER_MEBIBYTE, type Demand } from '@crystalmath/contract'
import { boxOf, OPERATIONS_PER_SECOND } from '../estimating/plane-waves.ts'
import type { YamboSettings } from './write/settings.ts'

/** What YAMBO needs beside the runs that make its states; null where those do not tell. */
export function yamboDemand(
  settings: YamboSettings,
  states: Demand | undefined,
  vectorsBelow: (cutoffRydberg: number) => number,
): Demand | null {
  if (states === undefined) return null
  const { calculation, bandCount } = settings
  const { electrons = 0, kPoints = 1, planeWaves = 1 } = states.size
  const filled = Math.max(1, Math.ceil(electrons / 2))
  const vectors =
    calculation === 'setup' || calculation === 'hf' || calculation === 'ip'
      ? 0
      : vectorsBelow(settings.screeningCutoffRydberg ?? 1)
  const box = boxOf(planeWaves)
  const transform = 2 * 5 * box * Math.log2(Math.max(2, box))
  const transitions = kPoints ** 2 * filled * Math.max(1, (settings.screeningBandCount ?? bandCount) - filled)
  // matrix elements of every transition, then their outer product at two frequencies (Hybertsen and Louie; plasmon pole)
  const screening = vectors === 0 ? 0 : transitions * (transform + 2 * 8 * vectors ** 2)
  const corrected = (settings.quasiparticles ?? []).reduce(
    (sum, { kPoints: k, bands }) => sum + (k[1] - k[0] + 1) * (bands[1] - bands[0] + 1),
    0,
  )
  const terms = corrected * kPoints * (settings.selfEnergyBandCount ?? bandCount)
  const selfEnergy = terms * (transform + 8 * vectors ** 2)
  const pairs = excitonPairs(settings, kPoints, filled)
  const excitons = pairs ** 2 * 8 * Math.max(1, vectors) + 10 * pairs ** 3
  const own = (screening + selfEnergy + (calculation === 'bse' ? excitons : 0)) / OPERATIONS_PER_SECOND
  const wavefunctions = 8 * planeWaves * bandCount * kPoints
  const matrices = 16 * vectors ** 2 * 4 * kPoints + (calculation === 'bse' ? 2 * 8 * pairs ** 2 : 0)
  return {
    ...states,
    kind: calculation,
    coreSeconds: states.coreSeconds + own,
    sharedMebibytes: Math.max(states.sharedMebibytes, (2 * wavefunctions + matrices) / BYTES_PER_MEBIBYTE),
    mebibytesPerRank: Math.max(states.mebibytesPerRank, 300),
    mostRanks: Math.max(1, kPoints * Math.max(filled, bandCount - filled)),
    size: { ...states.size, bands: bandCount, screeningVectors: vectors },
    because: [
      ...states.because,
      `${calculation}: ${bandCount} bands, ${vectors} vectors of screening, ${corrected} corrected states${calculation === 'bse' ? `, ${pairs} pairs` : ''}; YAMBO shares out k points, bands and transitions by itself`,
    ],
  }
}

function excitonPairs({ transitionBands }: YamboSettings, kPoints: number, filled: number): number {
  if (transitionBands === undefined) return 0
  const holes = Math.max(0, Math.min(filled, transitionBands[1]) - transitionBands[0] + 1)
  return kPoints * holes * Math.max(0, transitionBands[1] - filled)
}
