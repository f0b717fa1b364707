import { EV_PER_RYDBERG } from '@crystalmath/contract'
import { describe, expect, it } from 'vitest'
import { readFiles, sameHoweverCut, survivesAnything } from '../reading/testing.ts'
import { boltztrap2Reads } from './reads.ts'

const HEADER =
  '#   Ef[Ry]      T[K]                  N[e/uc]        DOS(ef)[1/(Ha*uc)]                    S[V/K]   sigma/tau0[1/(ohm*m*s)]                RH[m**3/C]    kappae/tau0[W/(m*K*s)]             cv[J/(mol*K)]             chi[m**3/mol]\n'
const row = (mu: number, kelvin: number, seebeck: number): string =>
  `${[mu, kelvin, 0.001, 0.1, seebeck, 1.5e19, 1e-7, 3e4, 24, 1e-9].map((x) => String(x).padStart(14)).join(' ')}\n`
const TRACE = HEADER + row(0.1, 300, -2e-4) + row(0.1, 600, -1e-4) + row(0.2, 300, 3e-4) + row(0.2, 600, 1e-5)

describe('a trace file of BoltzTraP2', () => {
  it('gives the largest power factor at each temperature', () => {
    const { properties, termination, diagnoses } = readFiles(boltztrap2Reads, { 'case.trace': TRACE })
    expect({ termination, diagnoses }).toEqual({ termination: 'normal', diagnoses: [] })
    expect(properties['transport']).toMatchObject({
      conductivityPer: 'tau',
      rowCount: 4,
      temperaturesK: [300, 600],
      best: [
        { temperatureK: 300, chemicalPotentialEv: 0.2 * EV_PER_RYDBERG, seebeckVoltPerKelvin: 3e-4 },
        { temperatureK: 600, chemicalPotentialEv: 0.1 * EV_PER_RYDBERG },
      ],
    })
  })

  it('leaves the chemical potential out where its unit is not said', () => {
    const { properties, warnings } = readFiles(
      boltztrap2Reads,
      { 'case.trace': TRACE.replace('Ef[Ry]', 'Ef    ') },
      { full: true },
    )
    expect(properties['transport']).not.toHaveProperty('chemicalPotentialsEv')
    expect(warnings).toHaveLength(1)
  })

  it('that is torn or broken says so', () => {
    const torn = readFiles(boltztrap2Reads, { 'case.trace': TRACE.slice(0, -20) })
    expect(torn).toMatchObject({
      termination: 'truncated',
      diagnoses: [{ kind: 'OUTPUT_INCOMPLETE' }],
      properties: { transport: { rowCount: 3 } },
    })
    const broken = readFiles(boltztrap2Reads, { 'case.trace': TRACE.replace('0.0003', '******') })
    expect(broken.diagnoses).toMatchObject([{ kind: 'OUTPUT_UNREADABLE', evidence: { line: 4 } }])
  })

  it('does not depend on how blocks are cut, nor breaks', () => {
    sameHoweverCut(boltztrap2Reads, 'case.trace', TRACE)
    survivesAnything(boltztrap2Reads, 'case.trace', TRACE)
  })
})
