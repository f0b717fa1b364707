import type { Reader } from '@crystalmath/contract'
import { detached, eachLine } from '../../../reading/hits.ts'
import { toNumber } from '../../../reading/numbers.ts'
import { emptyResult } from '../../../reading/result.ts'
import type { Reported } from '../reported.ts'

const ON_SITE = /^\s+(\d+)\s+\d+\s+(\S+)\s+-?\d+\s+\d+\s+\S+\s+(\S+)\s*$/
const BETWEEN_SITES = /^\s+(\d+)\s+([A-Za-z]\S*)\s+(\d+)\s+([A-Za-z]\S*)\s+(\S+)\s+(\S+)\s*$/

/** Reads `prefix.Hubbard_parameters.dat` of hp.x: U by site and V between sites, eV. */
export function hubbardParameters(_: string): Reader<Reported> {
  const onSite: { site: number; label: string; hubbardUEv: number }[] = []
  const between: { site: number; otherSite: number; distanceBohr: number | null; hubbardVEv: number }[] = []
  return {
    feed: (block, firstLine) =>
      eachLine(block.slice(0, block.lastIndexOf('\n') + 1), firstLine, (line) => {
        const [, site, label, u] = ON_SITE.exec(line) ?? []
        const value = toNumber(u)
        if (site !== undefined && label !== undefined && value !== null)
          onSite.push({ site: Number(site) - 1, label: detached(label), hubbardUEv: value })
        const [, one, , other, , distance, v] = BETWEEN_SITES.exec(line) ?? []
        const coupling = toNumber(v)
        if (coupling !== null)
          between.push({
            site: Number(one) - 1,
            otherSite: Number(other) - 1,
            distanceBohr: toNumber(distance),
            hubbardVEv: coupling,
          })
      }),
    end: () => ({
      program: null,
      result: {
        ...emptyResult('quantum-espresso'),
        termination: 'normal',
        properties: {
          ...(onSite.length === 0 ? {} : { hubbardParameters: onSite }),
          ...(between.length === 0 ? {} : { intersiteHubbardParameters: between }),
        },
      },
    }),
  }
}
