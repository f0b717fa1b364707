/** Small outputs in the form of codes that have no fixture of their own; made up, not recorded. */
export const GENERATED: readonly { readonly name: string; readonly text: string }[] = [
  {
    name: 'opt.log',
    text: [
      '      Step     Time          Energy         fmax',
      ...Array.from(
        { length: 12 },
        (_, i) =>
          `BFGS: ${String(i).padStart(4)} 12:00:${10 + i} ${(-10 - i / 8).toFixed(6).padStart(15)} ${(0.9 / (i + 1)).toFixed(6).padStart(15)}`,
      ),
      '',
    ].join('\n'),
  },
  {
    name: 'md.log',
    text: [
      'Time[ps]      Etot[eV]     Epot[eV]     Ekin[eV]    T[K]',
      ...Array.from(
        { length: 12 },
        (_, i) =>
          `${(i / 1000).toFixed(4)}          ${(-9.5 - i / 900).toFixed(4)}      ${(-10 + i / 100).toFixed(4)}       ${(0.5 + i / 90).toFixed(4)}   ${(300 + i).toFixed(1)}`,
      ),
      '',
    ].join('\n'),
  },
  {
    name: 'si.trace',
    text: [
      '# Ef[Ry]  T [K]  N[e/uc]  DOS(ef)[1/(Ha*uc)]  S[V/K]  sigma/tau0[1/(ohm*m*s)]  RH[m**3/C]  kappae/tau0[W/(m*K*s)]  cv[J/(mol*K)]  chi[m**3/mol]',
      ...Array.from(
        { length: 12 },
        (_, i) =>
          `  ${(0.4 + i / 50).toFixed(5)}  300.0  ${(i / 70).toExponential(6)}  12.5  -2.5e-04  1.5e+19  -3.0e-09  2.2e+14  1.25  4.0e-11`,
      ),
      '',
    ].join('\n'),
  },
  {
    name: 'xtb.out',
    text: [
      '      |                           x T B                           |',
      '   * xtb version 6.6.1 (8d0f1dd) compiled by user@host on 2023-08-01',
      '          number of atoms                          3',
      '   iter      E             dE          RMSdq      gap      omega  full diag',
      '     1     -5.1048382 -0.510484E+01  0.431E+00   14.38       0.0  T',
      '     2     -5.1070900 -0.225182E-02  0.257E+00   13.95       1.0  T',
      '   *** convergence criteria satisfied after 2 iterations ***',
      '         :: total energy              -5.070544323569 Eh    ::',
      '         :: gradient norm              0.000075164743 Eh/a0 ::',
      '         :: HOMO-LUMO gap             14.391463154211 eV    ::',
      '          | TOTAL ENERGY               -5.070544323569 Eh   |',
      '          | GRADIENT NORM               0.000075164743 Eh/α |',
      '          | HOMO-LUMO GAP              14.391463154211 eV   |',
      ' * finished run on 2023/08/02 at 10:00:00.000',
      ' * wall-time:     0 d,  0 h,  0 min,  0.044 sec',
      'normal termination of xtb',
      '',
    ].join('\n'),
  },
  {
    name: 'water.cp2k.out',
    text: [
      ' CP2K| version string:                                          CP2K version 8.2',
      ' DFT| Charge                                                                    0',
      '  Step     Update method      Time    Convergence         Total energy    Change',
      '     1 OT DIIS     0.15E+00    0.3      0.01305226       -17.1000000000 -1.71E+01',
      '     2 OT DIIS     0.15E+00    0.4      0.00000076       -17.1643447508 -6.43E-02',
      '  *** SCF run converged in     2 steps ***',
      ' ENERGY| Total FORCE_EVAL ( QS ) energy [a.u.]:              -17.164344750794441',
      ' ATOMIC FORCES in [a.u.]',
      ' # Atom   Kind   Element          X              Y              Z',
      '      1      1      O          -0.00000001    -0.00000002     0.00012345',
      '      2      2      H           0.00000001     0.00000002    -0.00012345',
      ' SUM OF ATOMIC FORCES           0.00000000     0.00000000     0.00000000     0.00000000',
      '  **** **** ******  **  PROGRAM ENDED AT                 2023-08-01 10:00:00.000',
      '',
    ].join('\n'),
  },
  {
    name: 'nwchem.out',
    text: [
      '              Northwest Computational Chemistry Package (NWChem) 7.0.2',
      '                                 NWChem DFT Module',
      '   convergence    iter        energy       DeltaE   RMS-Dens  Diis-err    time',
      ' d= 0,ls=0.0,diis     1    -76.3783943639 -8.55D+01  3.59D-02  5.01D-01     0.2',
      ' d= 0,ls=0.0,diis     2    -76.4168405366 -3.84D-02  1.02D-06  1.23D-06     0.4',
      '         Total DFT energy =      -76.416840536600',
      ' Total times  cpu:        0.4s     wall:        0.5s',
      '',
    ].join('\n'),
  },
  {
    name: 'run.abo',
    text: [
      '.Version 9.6.2 of ABINIT ',
      ' -outvars: echo values of preprocessed input variables --------',
      '            natom           2',
      '            ecut      1.00000000E+01 Hartree',
      ' ETOT  1  -8.8662380066925    -8.866E+00 1.181E-03 2.241E+00',
      ' ETOT  2  -8.8725910000000    -6.353E-03 1.086E-06 3.054E-07',
      ' At SCF step    2, etot is converged :',
      '  for the second time, diff in etot=  1.2E-09 < toldfe=  1.000E-06',
      '    >>>>>>>>> Etotal= -8.87259100000000E+00',
      '+Overall time at end (sec) : cpu=          1.2  wall=          1.3',
      ' Calculation completed.',
      '',
    ].join('\n'),
  },
]
