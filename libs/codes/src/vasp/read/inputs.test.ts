import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { fed, fixture } from './__fixtures__/fed.ts'
import { incar } from './incar.ts'
import { kpoints } from './kpoints.ts'
import { potcar } from './potcar.ts'

describe('INCAR', () => {
  it('reads tags, several on a line, comments, continued lines; the first entry counts', () => {
    const { tags } = fed(incar('INCAR'), `${fixture('relax/INCAR')}NSW = 99 ! no\nsystem = a = b\n`)
    expect(Object.fromEntries(tags)).toEqual({
      ALGO: 'Normal',
      IBRION: '2',
      NSW: '20',
      IVDW: '12',
      EDIFFG: '-0.02',
      MAGMOM: '1.0   2.0',
      SYSTEM: 'a = b',
    })
  })
})

describe('KPOINTS', () => {
  const read = (text: string) => fed(kpoints('KPOINTS'), text)

  it('reads meshes', () => {
    expect(read(fixture('relax/KPOINTS'))).toEqual({ style: 'gamma', mesh: [2, 2, 2], count: 0, labels: [] })
    expect(read('x\n0\nMonkhorst-Pack\n4 4 1\n0 0 0\n')).toMatchObject({ style: 'monkhorst', mesh: [4, 4, 1] })
    expect(read('x\n0\nAuto\n 30\n')).toMatchObject({ style: 'automatic', mesh: null })
    expect(read('x\n0\nReciprocal\n0.25 0 0\n0 0.25 0\n0 0 0.25\n')).toMatchObject({ style: 'generalized', mesh: null })
  })

  it('reads paths with their labels, and lists', () => {
    const path = read('x\n10\nLine-mode\nreciprocal\n0 0 0 ! \\Gamma\n0.5 0 0 ! X\n\n0.5 0 0 ! X\n0.5 0.5 0 ! M\n')
    expect(path).toMatchObject({ style: 'line', count: 10, labels: ['\\Gamma', 'X', 'X', 'M'] })
    expect(read('x\n2\nReciprocal\n0 0 0 1\n0.5 0 0 3\n')).toMatchObject({ style: 'explicit', count: 2 })
  })
})

describe('POTCAR', () => {
  const dataset = (element: string) =>
    `  PAW_PBE ${element} 01Jan2000\n 4.00000000000000\n parameters from PSCTR are:\n   VRHFIN =${element}: s2p2\n   LEXCH  = PE\n   TITEL  = PAW_PBE ${element} 01Jan2000\n   POMASS =   28.085; ZVAL   =    4.000    mass and valenz\n   ENMAX  =  245.345; ENMIN  =  184.009 eV\n local part\n  secret 0.1 0.2\n End of Dataset\n`

  it('tells titles, numbers and a hash of each data set, and nothing of its text', () => {
    const said = fed(potcar('POTCAR'), dataset('Si_x') + dataset('O'), [100])
    expect(said.datasets[0]).toEqual({
      title: 'PAW_PBE Si_x 01Jan2000',
      element: 'Si',
      exchangeCorrelation: 'PE',
      cutoffEv: 245.345,
      valence: 4,
      sha256: createHash('sha256').update(dataset('Si_x')).digest('hex'),
    })
    expect(said.datasets).toHaveLength(2)
    expect(JSON.stringify(said)).not.toContain('secret')
  })

  it('gives the same hash with CRLF', () => {
    const [plain, dos] = [dataset('O'), dataset('O').replaceAll('\n', '\r\n')].map(
      (text) => fed(potcar('POTCAR'), text).datasets[0]?.sha256,
    )
    expect(dos).toBe(plain)
  })

  it('knows a torn file', () => expect(fed(potcar('POTCAR'), dataset('O').slice(0, 200)).complete).toBe(false))
})
