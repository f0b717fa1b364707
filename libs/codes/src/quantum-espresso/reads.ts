import { codeReads } from '../code-reads.ts'
import { combine } from './read/combine.ts'
import { crash } from './read/crash.ts'
import { dataFile } from './read/data-file.ts'
import { dataFileSchema } from './read/data-file-schema.ts'
import { pwOutput } from './read/pw-output.ts'
import { suiteOutput } from './read/suite-output.ts'
import { dielectricFunction } from './read/tables/dielectric-function.ts'
import { dosTable } from './read/tables/dos.ts'
import { dynamicalMatrix } from './read/tables/dynamical-matrix.ts'
import { energiesOfDynamics } from './read/tables/dynamics.ts'
import { hubbardParameters } from './read/tables/hubbard-parameters.ts'
import { pathEnergies } from './read/tables/path-energies.ts'
import { bandsTable, frequencyTable } from './read/tables/plot.ts'
import { projectedDos } from './read/tables/projected-dos.ts'
import { quantumEspressoFacts } from './recognise.ts'

const readers = {
  'pw-output': pwOutput,
  'suite-output': suiteOutput,
  'data-file-schema': dataFileSchema,
  'data-file': dataFile,
  crash,
  dos: dosTable,
  'projected-dos': projectedDos,
  bands: bandsTable,
  frequencies: frequencyTable,
  'dynamical-matrix': dynamicalMatrix,
  dynamics: energiesOfDynamics,
  'path-energies': pathEnergies,
  'hubbard-parameters': hubbardParameters,
  'dielectric-function': dielectricFunction,
}

/** How the outputs of Quantum ESPRESSO are read. */
export const quantumEspressoReads = codeReads<typeof readers>({
  ...quantumEspressoFacts,
  readers,
  combine: (readings) => combine(readings),
})
