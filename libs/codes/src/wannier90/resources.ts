import { BYTES_PER_MEBIBYTE, type Demand } from '@crystalmath/contract'
import type { WannierSettings } from './write/settings.ts'

/** Neighbours of a k point that overlaps are given for, at most (Wannier90 guide, nntot). */
const NEIGHBOURS = 12

/** What Wannier90 will need: products of small matrices at every k point, again and again. */
export function wannierDemand({
  calculation,
  wannierFunctionCount,
  bandCount = wannierFunctionCount,
  kMesh,
  win,
}: WannierSettings): Demand {
  const points = kMesh.reduce((product, one) => product * one, 1)
  const numberOf = (word: string, usual: number) => (typeof win.get(word) === 'number' ? Number(win.get(word)) : usual)
  const iterations = numberOf('num_iter', 100) + (bandCount > wannierFunctionCount ? numberOf('dis_num_iter', 200) : 0)
  const operations =
    iterations * points * NEIGHBOURS * 8 * (bandCount ** 2 * wannierFunctionCount + 4 * wannierFunctionCount ** 3)
  return {
    kind: calculation,
    coreSeconds: 10 + (calculation === 'setup' ? 0 : (2 * operations) / 1e9),
    sharedMebibytes: (3 * 16 * points * (NEIGHBOURS * bandCount ** 2 + bandCount * wannierFunctionCount)) / BYTES_PER_MEBIBYTE,
    mebibytesPerGroup: 0,
    mebibytesPerRank: 100,
    mostRanks: calculation === 'setup' ? 1 : points,
    mostNodes: 1,
    kGroups: 1,
    size: { kPoints: points, bands: bandCount, wannierFunctions: wannierFunctionCount },
    because: [
      `${calculation}: ${wannierFunctionCount} functions of ${bandCount} bands at ${points} k points, ${iterations} iterations`,
    ],
  }
}
