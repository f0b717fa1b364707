/** What ORCA says when it gives up: pattern, kind, message (`$1` stands for the first capture). The first that fits decides. */
export const ERRORS: readonly (readonly [RegExp, string, string])[] = [
  [
    /Not a single batch is possible with the present MaxCore/,
    'OUT_OF_MEMORY',
    'MaxCore is too small for a single batch of integrals',
  ],
  [
    /(RPA\/TD-DFT|CIS|TDA|TD-DFT|EOM|ADC).{0,30}(?:DID NOT CONVERGE|did not converge|NOT CONVERGED)/,
    'EXCITED_STATES_NOT_CONVERGED',
    'the excited states did not converge ($1)',
  ],
  [
    /Connection reset by peer|ORTE has lost communication|lost connection to a process/,
    'NODE_FAILURE',
    'a parallel process lost its connection',
  ],
  [/Error : (multiplicity .*-> impossible)/, 'INPUT_ERROR', 'charge and multiplicity do not fit the number of electrons: $1'],
  [
    // "INSUFFICIENT MEMORY MAY LEAD TO …" and "Out of memory according to MaxCore limit" are warnings
    /(?:[Nn]ot enough memory|NOT ENOUGH MEMORY|Insufficient memory|insufficient memory \(need|OUT OF MEMORY(?= ERROR| {1,40}!!!)|out of memory in )(.{0,80})/,
    'OUT_OF_MEMORY',
    'ORCA had too little memory (MaxCore)$1',
  ],
  [/[Pp]lease increase [Mm]ax[Cc]ore(.{0,60})/, 'OUT_OF_MEMORY', 'MaxCore is too small$1'],
  [/(?:ORCA_\w+: )?Memory (?:allocation|request) (?:failed|error)/, 'OUT_OF_MEMORY', 'an allocation of memory failed'],
  [
    /Number of processes (\(\d+\) )?in parallel calculation exceeds number of pairs/,
    'TOO_MANY_CORES',
    'more parallel processes $1than electron pairs',
  ],
  [/(There (?:are no .{1,20} basis functions|is no basis function) on atom.*)/, 'BASIS_MISSING', '$1'],
  [/((?:The )?[Bb]asis set .{0,60}(?:not available|not assigned|not found).*)/, 'BASIS_MISSING', '$1'],
  [/(No basis (?:set|functions?) .{0,60}(?:available|found|for|on).*)/, 'BASIS_MISSING', '$1'],
  [/(Basis not recognized.*|Requested ECP not available.*|Number of NGauss expected.*)/, 'BASIS_MISSING', '$1'],
  [/(Zero distance (?:encountered )?between atoms.*)/, 'INPUT_ERROR', 'two atoms are at the same place: $1'],
  [
    /(?:XYZ|xyz) [Ff]ile .{0,200}(?:not found|cannot be opened|does not exist)|XYZ File reading requested/,
    'INPUT_ERROR',
    'the file of coordinates could not be read',
  ],
  [/(Unknown identifier .*)/, 'INPUT_ERROR', '$1'],
  [/(Unrecognized symbol in .*)/, 'INPUT_ERROR', '$1'],
  [/(UNRECOGNIZED OR DUPLICATED KEYWORD.*)/, 'INPUT_ERROR', '$1'],
  [/(Unknown error in \w+ block.*)/, 'INPUT_ERROR', '$1'],
  [/(Invalid assignment.*)/, 'INPUT_ERROR', '$1'],
  [/(Element name\/number, dummy atom or point charge expected.*)/, 'INPUT_ERROR', '$1'],
  [/(?<=ERROR *: ?)(found a coordinate defini?tion.*|expect an? .*)/, 'INPUT_ERROR', '$1'],
  [/(You must .{1,80}(?:basis|coordinates|specify).*)/, 'INPUT_ERROR', '$1'],
  [
    /CP-?SCF (?:equations )?(?:did not converge|not converged|NOT CONVERGED)|Solution of the CP-SCF equations NOT converged|ERROR CODE RETURNED FROM CP-SCF PROGRAM/,
    'CPSCF_NOT_CONVERGED',
    'the response equations did not converge',
  ],
  [
    /Diagonalization failure because of NANs/,
    'SCF_DIVERGED',
    'the SCF diverged: its matrix to be diagonalised holds no numbers any more',
  ],
  [/ORCA_CASSCF\): Convergence Failure/, 'ELECTRONIC_NOT_CONVERGED', 'the CASSCF iterations did not converge'],
  [/COULD NOT WRITE TO DISK/, 'DISK_FULL', 'writing failed: the disk is full or the quota used up'],
  [/(Error: Could not (?:open|read|find) .*|Cannot open input file.*|CANNOT OPEN FILE.*)/, 'FILE_MISSING', '$1'],
]
