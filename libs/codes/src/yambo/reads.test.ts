import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { prefixesAgree, readFiles, sameHoweverCut, survivesAnything } from '../reading/testing.ts'
import { columnsOf } from './read/table.ts'
import { secondsOf } from './read/times.ts'
import { yamboReads } from './reads.ts'

const fixture = (name: string): string => readFileSync(new URL(`__fixtures__/${name}`, import.meta.url), 'latin1')
const REPORT = 'r-gw_em1d_ppa_gw0'

describe('a YAMBO run', () => {
  it('tells gaps of the input, and everything that the report says of the machine', () => {
    const result = readFiles(yamboReads, { [REPORT]: fixture(REPORT) })
    expect(result).toMatchObject({
      code: 'yambo',
      codeVersion: '4.4.0',
      termination: 'normal',
      formula: 'B N',
      fermiEnergyEv: 5,
      vbmEv: 5,
      cbmEv: 9,
      bandGapEv: 4,
      bandGapDirect: false,
      bandGapSource: 'mesh',
      mpiRankCount: 8,
      threadsPerRank: 2,
      coreCount: 16,
      wallSeconds: 7201,
      method: { kPointCount: 2, bandCount: 20, electronCount: 4, kMesh: [2, 2, 1], spinPolarized: false },
      diagnoses: [],
    })
    expect(result.properties.quasiparticles).toHaveLength(2)
  })

  it('takes the quasiparticle gap from the table where both edges were corrected at every k point', () => {
    const result = readFiles(yamboReads, { [REPORT]: fixture(REPORT), 'o-gw.qp': fixture('o-gw.qp') })
    expect(result).toMatchObject({ bandGapDirect: false, bandGapSource: 'gw' })
    expect(result.bandGapEv).toBeCloseTo(6.25 + 0.65, 9)
    const partial = fixture('o-gw.qp').replace(/^ +2\.0.*\n/gm, '')
    expect(readFiles(yamboReads, { [REPORT]: fixture(REPORT), 'o-gw.qp': partial })).toMatchObject({
      bandGapEv: 4,
      bandGapSource: 'mesh',
    })
  })

  it('gives the levels of the input on the scale of the Fermi level, if asked for everything', () => {
    const files = { [REPORT]: fixture(REPORT) }
    expect(readFiles(yamboReads, files, { full: true }).properties.bands).toEqual({
      kPoints: [
        [0, 0, 0],
        [0, 0.5, 0],
      ],
      kWeights: [0.25, 0.75],
      eigenvaluesEv: [
        [
          [-5, 5, 9.5, 14],
          [-4, 4.8, 9, 14.5],
        ],
      ],
      fermiEnergyEv: 5,
    })
    expect(readFiles(yamboReads, files).properties.bands).toBeUndefined()
  })

  it('does not mix in the table of another run', () => {
    const result = readFiles(yamboReads, { [REPORT]: fixture(REPORT), 'o-other.qp': fixture('o-gw.qp') })
    expect(result.bandGapSource).toBe('mesh')
  })

  it('of version 5 reads the same quantities', () => {
    expect(readFiles(yamboReads, { r_setup: fixture('r-setup5') })).toMatchObject({
      codeVersion: '5.0.4',
      termination: 'normal',
      formula: 'B2 N2',
      fermiEnergyEv: 5.110763,
      bandGapEv: 3.878048,
      bandGapDirect: false,
      mpiRankCount: 16,
      method: { electronCount: 16 },
    })
  })

  it('that failed is explained by its log', () => {
    const torn = fixture(REPORT).split(' [09] Game')[0] ?? ''
    const result = readFiles(yamboReads, { [REPORT]: torn, 'l-gw_em1d_ppa_gw0_CPU_1': fixture('l-gw_em1d_ppa_gw0_CPU_1') })
    expect(result.termination).toBe('error')
    expect(result.diagnoses).toMatchObject([{ kind: 'OUT_OF_MEMORY', evidence: { line: 3 } }])
    expect(readFiles(yamboReads, { [REPORT]: torn })).toMatchObject({
      termination: 'truncated',
      diagnoses: [{ kind: 'OUTPUT_INCOMPLETE' }],
    })
  })

  it('tells the reason of a stop, with the place, as one cause', () => {
    const log =
      ' <01s> P0001: [01] CPU structure\nP4: [ERROR] STOP signal received while in[05] Dynamic Dielectric Matrix (PPA)\nP4: [ERROR] Not enough memory to allocate 123 bytes\n'
    expect(readFiles(yamboReads, { 'l-x_CPU_1': log }).diagnoses).toMatchObject([
      {
        kind: 'OUT_OF_MEMORY',
        message: 'YAMBO stopped in [05] Dynamic Dielectric Matrix (PPA): Not enough memory to allocate 123 bytes',
        evidence: { line: 3 },
      },
    ])
    const cut = log.split('P4: [ERROR] Not')[0] ?? ''
    expect(readFiles(yamboReads, { 'l-x_CPU_1': cut }).diagnoses).toMatchObject([{ kind: 'YAMBO_STOP_SIGNAL' }])
  })

  it('gives spectrum and excitons', () => {
    const { properties } = readFiles(yamboReads, {
      'o-bse.eps_q1_diago_bse': fixture('o-bse.eps_q1_diago_bse'),
      'o-bse.exc_qpt1_I_sorted': fixture('o-bse.exc_qpt1_I_sorted'),
    })
    expect(properties.spectrum).toEqual({
      energiesEv: [2, 2.03015],
      epsilonImaginary: [0.04662, 0.04778],
      epsilonReal: [4.12152, 4.13572],
    })
    expect(properties).toMatchObject({ lowestExcitonEv: 4.5, opticalGapEv: 4.7 })
  })

  it('makes a diagnosis of stars, not a number', () => {
    const stars = fixture('o-gw.qp').replace('-0.650000', '*********')
    const { properties, diagnoses } = readFiles(yamboReads, { 'o-gw.qp': stars })
    expect(properties.quasiparticles?.[0]).toMatchObject({ correctionEv: null, quasiparticleEv: null })
    expect(diagnoses.map(({ kind }) => kind)).toEqual(['OUTPUT_UNREADABLE'])
  })

  it('does not depend on how blocks are cut, nor take anything back, nor break', () => {
    sameHoweverCut(yamboReads, REPORT, fixture(REPORT))
    sameHoweverCut(yamboReads, 'o-gw.qp', fixture('o-gw.qp'))
    prefixesAgree(yamboReads, REPORT, fixture(REPORT), ['fermiEnergyEv', 'formula', 'wallSeconds', 'volumeAngstrom3'])
    survivesAnything(yamboReads, REPORT, fixture(REPORT))
    survivesAnything(yamboReads, 'o-gw.qp', fixture('o-gw.qp'))
  })
})

it.each([
  ['01h-54m-31s', 6871],
  ['25m-58s', 1558],
  ['01s', 1],
  ['--', null],
])('%s is %s seconds', (text, seconds) => expect(secondsOf(text)).toBe(seconds))

it('tells columns and units of either header', () => {
  expect(columnsOf('#    E/ev[1]      EPS-Im[2]    EPS-Re[3]', 3)).toEqual({
    columns: ['E', 'EPS-Im', 'EPS-Re'],
    units: ['eV', '', ''],
  })
  expect(columnsOf('#   K-point            Band               Eo [eV]            E-Eo [eV]', 4)).toEqual({
    columns: ['K-point', 'Band', 'Eo', 'E-Eo'],
    units: ['', '', 'eV', 'eV'],
  })
})
