import { SHARED_DIAGNOSIS_KINDS } from '@crystalmath/contract'
import { describe, expect, it } from 'vitest'
import { AROUND } from '../causes/around.ts'
import { systemCauseIn } from './system-causes.ts'
import { whatHelps } from './what-helps.ts'

/** What healthy runs say. */
const HEALTHY = [
  'estimated max dynamical RAM per process > 1.23 GB',
  'total cpu time spent up to now is 12.0 secs',
  'The license of this program is the GNU General Public License',
  'Note: the limit on the number of open files was raised',
  'Program PWSCF v.6.7MaX starts on 1Jan2026',
  '            ****ORCA TERMINATED NORMALLY****',
  'slots: 4 available, 2 used',
  'rank 0 on node c1: out of 4',
  'WARNING [Contract_2_4_4_CalcBatching]: Out of memory according to MaxCore limit!',
  'INSUFFICIENT MEMORY MAY LEAD TO SLOW PERFORMANCE OR CRASHES.',
]

describe('what the system writes into an output', () => {
  it.each(AROUND)('%s', (line, kind) => expect(systemCauseIn(line)?.kind).toBe(kind))
  it.each(HEALTHY)('nothing in: %s', (line) => expect(systemCauseIn(line)).toBeNull())
  it('has a sentence of what helps for every cause that codes share', () => {
    const without = [...new Set([...SHARED_DIAGNOSIS_KINDS, ...AROUND.map(([, kind]) => kind)])].filter(
      (kind) => whatHelps(kind) === null,
    )
    expect(without).toEqual(['OUTPUT_UNREADABLE', 'SOURCES_DISAGREE', 'UNKNOWN_FAILURE'])
  })
})
