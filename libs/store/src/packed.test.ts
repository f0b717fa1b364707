import { emptyResult } from '@crystalmath/codes'
import { describe, expect, it } from 'vitest'
import { pack, packResult, unpack, unpackResult } from './packed.ts'

const small = { ...emptyResult('vasp'), energyEv: -10.84274516 }
const large = { ...small, warnings: Array.from({ length: 20_000 }, (_, i) => `${i}: the mesh is odd`) }

describe('a packed result', () => {
  it.each([
    ['small', small],
    ['large', large],
  ])('that is %s comes back, whichever way it went', async (_, result) => {
    const body = packResult(result)
    expect(unpackResult(body)).toEqual(result)
    expect(JSON.parse((await unpack(body)).toString())).toEqual(result)
    expect(unpackResult(await pack(JSON.stringify(result)))).toEqual(result)
  })
})
