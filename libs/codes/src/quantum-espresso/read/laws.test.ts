import { readFileSync } from 'node:fs'
import { describe, it } from 'vitest'
import { prefixesAgree, sameHoweverCut, survivesAnything } from '../../reading/testing.ts'
import { quantumEspressoReads } from '../reads.ts'

const fixture = (name: string): string => readFileSync(new URL(`./__fixtures__/${name}`, import.meta.url), 'latin1')

describe('readers of Quantum ESPRESSO', () => {
  it.each(['scf.out', 'metal.out', 'hybrid.out', 'metal.xml'])('say of a beginning of %s what they say of the whole', (name) => {
    prefixesAgree(quantumEspressoReads, name, fixture(name), [
      'energyEv',
      'unconvergedEnergyEv',
      'forcesEvPerAngstrom',
      'stressGpa',
      'formula',
      'ionicConverged',
    ])
  })

  it.each(['scf.out', 'relax-out-of-steps.out', 'spin-polarised.out', 'metal.xml', 'relax-out-of-steps.xml'])(
    'survive any damage to %s',
    (name) => {
      survivesAnything(quantumEspressoReads, name, fixture(name))
    },
  )

  it.each(['dynamics.out', 'metal.xml', 'relax-out-of-steps.xml'])('read %s the same however it is cut', (name) => {
    sameHoweverCut(quantumEspressoReads, name, fixture(name))
  })
})
