import { z } from 'zod'
import { CodeName } from './code-name.ts'
import { Diagnosis } from './diagnosis.ts'
import { Properties } from './properties.ts'
import { Matrix3, Structure, Vector3 } from './structure.ts'

const num = z.number().nullable()
const int = z.number().int().nullable()
const flag = z.boolean().nullable()
const word = z.string().nullable()

/** What the output itself says was run: read from the code's echo, never from our input. Null members were not said. */
export const Method = z.looseObject({
  functional: word.optional(),
  dispersion: word.optional(),
  /** Hubbard U in eV by element, as echoed. */
  hubbardU: z.record(z.string(), z.number()).nullable().optional(),
  relativity: word.optional(),
  spinPolarized: flag.optional(),
  noncollinear: flag.optional(),
  spinOrbit: flag.optional(),
  charge: num.optional(),
  multiplicity: int.optional(),
  electronCount: num.optional(),
  cutoffEv: num.optional(),
  densityCutoffEv: num.optional(),
  kMesh: z.tuple([z.number(), z.number(), z.number()]).nullable().optional(),
  kPointCount: int.optional(),
  bandCount: int.optional(),
  /** `fermi`, `gaussian`, `methfessel-paxton`, `cold`, `tetrahedron`, `fixed` … */
  smearing: word.optional(),
  smearingWidthEv: num.optional(),
  basis: word.optional(),
  basisFunctionCount: int.optional(),
  pseudopotentials: z
    .array(z.object({ element: z.string(), title: z.string(), hash: word }))
    .nullable()
    .optional(),
  /** Convergence thresholds as echoed, name with unit → value. */
  thresholds: z.record(z.string(), z.number()).nullable().optional(),
})
export type Method = z.infer<typeof Method>

/** Per-atom quantities by partitioning scheme (`mulliken`, `loewdin`, `vasp-projected`, `bader` …); arrays in the order of `structure`. */
export const Sites = z.record(
  z.string(),
  z.object({
    /** Bohr magnetons; collinear: numbers, noncollinear: vectors. */
    magneticMomentsBohr: z.union([z.array(z.number()), z.array(Vector3)]).optional(),
    /** Net charges in e, electrons negative. */
    charges: z.array(z.number()).optional(),
    /** Spin populations (N↑ − N↓). */
    spins: z.array(z.number()).optional(),
  }),
)
export type Sites = z.infer<typeof Sites>

/** One calculation's answer. A field that does not apply, or that the output does not say for certain, is null. */
export const CalculationResult = z.object({
  code: CodeName,
  codeVersion: word,
  /** By its own last line, by an error that the program states, or cut off in mid-file. */
  termination: z.enum(['normal', 'error', 'truncated']),
  /** Of the last ionic step, by the code's own statement. */
  electronicConverged: flag,
  /** Null where nothing was relaxed (static, MD, response). */
  ionicConverged: flag,
  /** Ground-state energy at the highest level run, eV, with every a-posteriori term that the forces include; null unless the SCF (CC, CAS) it rests on converged. */
  energyEv: num,
  /** VASP energy(sigma->0) is `sigma0`; QE with smearing is `free`; molecules and fixed occupations are `total`. */
  energyKind: z.enum(['sigma0', 'free', 'total']).nullable(),
  /** The number where that SCF did not converge, eV. */
  unconvergedEnergyEv: num,
  /** Force-consistent: VASP TOTEN, QE F; eV. */
  freeEnergyEv: num,
  /** −TS, eV. */
  entropyTermEv: num,
  scfEnergyEv: num,
  /** What `energyEv` rests on: `PBE`, `CCSD(T)`, … */
  energyMethod: word,
  /** As printed (D2, D3, D4; not gCP, not VV10), eV. */
  dispersionEnergyEv: num,
  /** A root's FINAL SINGLE POINT ENERGY, eV. */
  excitedStateEnergyEv: num,
  /** One row per atom, eV/Å, of the step of `energyEv`. */
  forcesEvPerAngstrom: z.array(Vector3).nullable(),
  /** Largest norm over all atoms, eV/Å, as the code gives them. */
  maxForceEvPerAngstrom: num,
  /** Largest norm over free degrees of freedom, eV/Å. */
  maxFreeForceEvPerAngstrom: num,
  /** (1/V) dE/dε in GPa, tension positive, without the ionic kinetic part. */
  stressGpa: Matrix3.nullable(),
  /** The geometry of `energyEv`. */
  structure: Structure.nullable(),
  /** Where a restart begins (CONTCAR), if another. */
  continuationStructure: Structure.nullable(),
  /** Elements in alphabetical order with counts, `Fe2 O3`. */
  formula: word,
  atomCount: int,
  volumeAngstrom3: num,
  /** −trace(stress)/3, GPa. */
  pressureGpa: num,
  /** Ionic kinetic energy of the step, eV (MD). */
  kineticEnergyEv: num,
  temperatureK: num,
  /** Complete ionic steps. */
  ionicStepCount: int,
  /** Electronic steps, one entry per ionic step; EXX loops of a step summed. */
  scfStepCounts: z.array(z.number().int()),
  /** Null for fixed occupations. */
  fermiEnergyEv: num,
  vbmEv: num,
  cbmEv: num,
  /** Per spin, eV (molecules). */
  homoEv: z.array(z.number()).nullable(),
  lumoEv: z.array(z.number()).nullable(),
  /** min CBM − max VBM over all k and spins, eV; 0 for metals; null for molecules. */
  bandGapEv: num,
  bandGapDirect: flag,
  bandGapSource: z.enum(['mesh', 'path', 'gw']).nullable(),
  /** Collinear cell integral N↑ − N↓, Bohr magnetons. */
  totalMagnetizationBohr: num,
  totalMagnetizationVectorBohr: Vector3.nullable(),
  sites: Sites,
  /** ⟨S²⟩ as computed, and S(S+1). */
  spinSquared: num,
  spinSquaredIdeal: num,
  mpiRankCount: int,
  threadsPerRank: int,
  /** Ranks × threads, as far as the output says them. */
  coreCount: int,
  wallSeconds: num,
  cpuSeconds: num,
  maxMemoryMebibytes: num,
  /** Wall time × cores; what is billed comes from accounting. */
  coreHours: num,
  method: Method.nullable(),
  /** The first cause first. Empty for a healthy run. */
  diagnoses: z.array(Diagnosis),
  warnings: z.array(z.string()),
  properties: Properties,
})
export type CalculationResult = z.infer<typeof CalculationResult>
