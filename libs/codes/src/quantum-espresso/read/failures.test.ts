import { describe, expect, it } from 'vitest'
import { failureOf } from './failures.ts'
import { pwOutput } from './pw-output.ts'
import { readIn } from './testing.ts'

describe('an error block', () => {
  it.each([
    ['electrons', 'charge is wrong', 'CHARGE_IS_WRONG'],
    ['checkallsym', 'not orthogonal operation', 'SYMMETRY_NON_ORTHOGONAL_OPERATION'],
    ['cdiaghg', 'problems computing cholesky', 'COMPUTING_CHOLESKY'],
    ['cdiaghg', 'eigenvectors failed to converge', 'EIGENVECTOR_CONVERGENCE'],
    ['c_bands', 'too many bands are not converged', 'DIAGONALIZATION_TOO_MANY_BANDS_NOT_CONVERGED'],
    [
      'electrons',
      'dexx is negative!  Check that exxdiv_treatment is appropriate for the system, or ecutfock may be too low',
      'DEXX_IS_NEGATIVE',
    ],
    ['broyden', 'factorization', 'BROYDEN_FACTORIZATION'],
    [
      'scale_h',
      'Not enough space allocated for radial FFT: try restarting with a larger cell_factor.',
      'RADIAL_FFT_SIGNIFICANT_VOLUME_CONTRACTION',
    ],
    ['divide_et_impera', 'some nodes have no k-points', 'NPOOLS_TOO_HIGH'],
    ['scale_sym_ops', 'incompatible FFT grid', 'INCOMPATIBLE_FFT_GRID'],
    ['set_irr_sym_new', 'wrong representation', 'WRONG_REPRESENTATION'],
    ['setup', 'too few bands', 'INPUT_ERROR'],
    ['read_namelists', 'bad line in namelist &system: "foo=2"', 'INPUT_ERROR'],
    ['readpp', 'file ./pseudo/Si.UPF not found', 'PSEUDOPOTENTIAL_MISSING'],
    ['davcio', 'error while writing from file "./out/x.wfc1"', 'DISK_FULL'],
    ['davcio', 'error writing file "./out/x.wfc1"', 'DISK_FULL'],
    ['no_such_routine', 'something new', 'UNKNOWN_FAILURE'],
  ])('of %s that says "%s" is %s', (routine, says, kind) => {
    expect(failureOf(routine, says).kind).toBe(kind)
  })

  it('ends the run with its line, in both spellings', () => {
    const block =
      ' %%%%%%%%%%%%%%%%%%%%\n     Error in routine setup (1):\n     too few bands\n %%%%%%%%%%%%%%%%%%%%\n\n     stopping ...\n'
    expect(readIn(pwOutput('a', { full: false }), `\n     Program PWSCF v.7.2 starts on x\n${block}`)).toMatchObject({
      termination: 'error',
      codeVersion: '7.2',
      diagnoses: [{ kind: 'INPUT_ERROR', evidence: { line: 4, text: 'Error in routine setup: too few bands' } }],
    })
  })

  it('counts even where the file ends inside it', () => {
    expect(
      readIn(pwOutput('a', { full: false }), ' %%%%%%%%%%%%%%%%\n     Error in routine electrons (1):\n     charge is wrong\n'),
    ).toMatchObject({
      diagnoses: [{ kind: 'CHARGE_IS_WRONG' }],
    })
  })

  it('is read where several processes write through each other', () => {
    const row = ' %%%%%%%%%%%%%%%%%%%%\n'
    const head = '     Error in routine main program (8):\n'
    const text = `${row}${head}\n${row}${head}     Wrong xiabs!!!\n${row}\n     stopping ...\n     Wrong xiabs!!!\n${row}\n${head}     Wrong xiabs!!!\n`
    expect(readIn(pwOutput('a', { full: false }), text).diagnoses.map(({ kind }) => kind)).toEqual([
      'OUTPUT_ABSORBING_SPECIES_WRONG',
    ])
  })

  it('takes no time for a long run of blanks', () => {
    const began = performance.now()
    readIn(
      pwOutput('a', { full: false }),
      ` %%%%%%%%%%%%%%%%\n     Error in routine scale_${' '.repeat(90_000)}x :\n     from ${' '.repeat(90_000)}x\n`,
    )
    expect(performance.now() - began).toBeLessThan(1_000)
  })

  it('may lack its block', () => {
    const text = '\n     Program PWSCF v.6.7MaX starts on  6Mar2023\n     PPCG style diagonalization\n [Q, R] = qr(X, 0) failed\n'
    expect(readIn(pwOutput('a', { full: false }), text).diagnoses).toMatchObject([{ kind: 'QR_FAILED', evidence: { line: 4 } }])
  })
})
