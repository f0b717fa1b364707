import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fed } from './__fixtures__/fed.ts'
import { MESSAGES } from './messages.ts'
import { stdout } from './stdout.ts'

const HEAD = ` running on    4 total cores
 distrk:  each k-point on    4 cores,    1 groups
 vasp.5.4.4.18Apr17 (build for a test) complex
 POSCAR found :  1 types and       2 ions
 entering main loop
       N       E                     dE             d eps       ncg     rms          rms(c)
DAV:   1     0.642208910419E+01    0.64221E+01   -0.25532E+03  2056   0.521E+02
RMM:   2    -0.698357209006E+01   -0.13406E+02   -0.13168E+02  3168   0.712E+01    0.643E+00
   1 F= -.65021466E+01 E0= -.65016163E+01  d E =-.650215E+01
`
const frame = (...lines: string[]): string =>
  [
    ' -----------------------------------------------------------------------------',
    '|                                                                             |',
    '|     EEEEEEE  RRRRRR   RRRRRR   OOOOOOO  RRRRRR      ###     ###     ###     |',
    '|     E        R     R  R     R  O     O  R     R     ###     ###     ###     |',
    '|                                                                             |',
    ...lines.map((line) => `|     ${line.padEnd(72)}|`),
    '|                                                                             |',
    '|       ---->  I REFUSE TO CONTINUE WITH THIS SICK JOB ... BYE!!! <----       |',
    ' -----------------------------------------------------------------------------',
    '',
  ].join('\n')

const read = (text: string, cuts?: readonly number[]) => fed(stdout('vasp.out'), text, cuts)
const kinds = (text: string): string[] => read(text).findings.map(({ diagnosis }) => diagnosis.kind)

describe('standard output', () => {
  it('tells version, ranks, steps and that VASP ran', () => {
    const said = read(HEAD)
    expect(said).toMatchObject({ version: '5.4.4.18Apr17', mpiRankCount: 4, started: true, finished: false, findings: [] })
    expect(said.iterations.steps).toMatchObject([
      { freeEnergyEv: -6.5021466, sigmaZeroEnergyEv: -6.5016163, scfStepCount: 2, lastChangeEv: -13.406 },
    ])
  })

  it.each(MESSAGES.flatMap(({ kind, said }) => said.map((text): [string, string] => [kind, text])))(
    'takes for %s: %s',
    (kind, text) => {
      expect(kinds(`${HEAD} ${text} 1 2 3\n`)).toContain(kind)
      expect(kinds(`${HEAD}${frame(text)}`)).toContain(kind)
    },
  )

  it('quotes the line of a message and its number', () => {
    const [finding] = read(`${HEAD}${frame('ERROR: while reading plane wave coef. from WAVECAR 13 1 129')}`).findings
    expect(finding?.diagnosis).toMatchObject({
      kind: 'COEF',
      evidence: { file: 'vasp.out', line: 15, text: 'ERROR: while reading plane wave coef. from WAVECAR 13 1 129' },
    })
  })

  it('quotes a refusal that it does not know, without its banner', () => {
    const [finding] = read(`${HEAD}${frame('The moon is full, and the tide is high.', 'Try again tomorrow.')}`).findings
    expect(finding).toMatchObject({
      severity: 'fatal',
      diagnosis: { kind: 'UNKNOWN_FAILURE', evidence: { text: 'The moon is full, and the tide is high. Try again tomorrow.' } },
    })
  })

  it('tells each kind once, where it was said first', () => {
    const findings = read(`${HEAD}BRMIX: very serious problems\nBRMIX: very serious problems\n`).findings
    expect(findings.map(({ diagnosis }) => diagnosis.evidence.line)).toEqual([10])
  })

  it('knows that VASP never started', () => {
    expect(read('failed to locate mpirun!\n')).toMatchObject({ started: false, firstLine: 'failed to locate mpirun!' })
    expect(read('')).toMatchObject({ started: false, firstLine: null })
  })

  it('says the same however the blocks are cut', () => {
    const text = `${HEAD}${frame('The moon is full.')}${HEAD.replaceAll('\n', '\r\n')} ZBRENT: fatal error in bracketing\n`
    const whole = read(text)
    fc.assert(
      fc.property(fc.array(fc.nat(text.length), { maxLength: 20 }), (at) => void expect(read(text, at)).toEqual(whole)),
      { numRuns: 30 },
    )
  })
})
