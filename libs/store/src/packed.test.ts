import { emptyResult } from '@crystalmath/codes'
import { describe, expect, it } from 'vitest'
import { bodyOf, pack, resultIn, unpack } from './packed.ts'

const small = { ...emptyResult('vasp'), energyEv: -10.84274516 }
const large = { ...small, warnings: Array.from({ length: 20_000 }, (_, i) => `${i}: the mesh is odd`) }

describe('the body of a result', () => {
  it('is its JSON where it is small', () => {
    expect(bodyOf(small)).toBe(JSON.stringify(small))
    expect(resultIn(bodyOf(small))).toEqual(small)
  })

  it('is packed where it is large, as it is kept', async () => {
    const body = bodyOf(large)
    expect(body.length).toBeLessThan(JSON.stringify(large).length / 5)
    expect(resultIn(body)).toEqual(large)
    expect(JSON.parse((await unpack(body as Uint8Array)).toString())).toEqual(large)
    expect(resultIn(await pack(JSON.stringify(large)))).toEqual(large)
  })
})
