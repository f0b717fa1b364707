import { describe, expect, it } from 'vitest'
import { fed, fixture } from './__fixtures__/fed.ts'
import { oszicar } from './oszicar.ts'

const TEXT = fixture('relax/OSZICAR')
const read = (text: string) => fed(oszicar('OSZICAR'), text)

describe('OSZICAR', () => {
  it('tells energies, counts and the last change of each ionic step', () => {
    expect(read(TEXT)).toMatchObject({
      stepCount: 2,
      unfinishedScfSteps: 0,
      steps: [
        { freeEnergyEv: -21.80001, sigmaZeroEnergyEv: -21.79901, scfStepCount: 3, lastChangeEv: -0.10001, machineLearned: false },
        { freeEnergyEv: -21.910002, sigmaZeroEnergyEv: -21.908002, scfStepCount: 3, lastChangeEv: -1e-6 },
      ],
      diagnoses: [],
    })
  })

  it('reads molecular dynamics and magnetisation', () => {
    const md =
      '      1 T=   505. E= -.65059747E+02 F= -.72049334E+02 E0= -.72039412E+02  EK= 0.97929E+00 SP= 0.22E+01 SK= 0.36E-01 mag=     4.0000\n'
    expect(read(md).steps).toMatchObject([
      { temperatureK: 505, kineticEnergyEv: 0.97929, freeEnergyEv: -72.049334, totalMagnetizationBohr: 4 },
    ])
    const noncollinear = '   1 F= -.19605124E+02 E0= -.19605124E+02  d E =-.1E+02  mag=     0.0010     0.0020     0.0030\n'
    expect(read(noncollinear).steps[0]?.totalMagnetizationBohr).toBeNull()
  })

  it('counts the steps of an ionic step that was not finished', () => {
    expect(read(TEXT.slice(0, TEXT.lastIndexOf('   2 F=')))).toMatchObject({ stepCount: 1, unfinishedScfSteps: 3 })
  })

  it('reads nothing from a last line without its end', () => {
    expect(read(TEXT.slice(0, TEXT.indexOf('E0= -.21908') + 9))).toMatchObject({ stepCount: 1 })
  })

  it('tells the largest rise of the energy with its line', () => {
    const jump = `${TEXT}   3 F= 0.83579657E+02 E0= 0.83583891E+02  d E =0.105490E+03\n`
    expect(read(jump).largestRise).toMatchObject({ ev: 83.579657 + 21.910002, line: 10 })
    expect(read(TEXT).largestRise).toBeNull()
  })

  it('takes stars for null and a diagnosis', () => {
    const starred = read(TEXT.replace('-.21910002E+02', '**************'))
    expect(starred.steps[1]?.freeEnergyEv).toBeNull()
    expect(starred.diagnoses).toMatchObject([{ kind: 'OUTPUT_UNREADABLE', evidence: { line: 9 } }])
  })

  it('tells the last of two runs in one file', () => {
    expect(read(TEXT + TEXT)).toMatchObject({
      stepCount: 2,
      warnings: ['OSZICAR: holds more than one run; the last one is told'],
    })
  })
})
