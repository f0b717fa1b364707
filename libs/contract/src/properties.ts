import { z } from 'zod'
import { Matrix3, Structure, Vector3 } from './structure.ts'

const num = z.number().nullable()

/** One complete ionic step. Arrays of forces and structures only where the full content was asked for. */
export const IonicStep = z.object({
  energyEv: num,
  freeEnergyEv: num.optional(),
  maxForceEvPerAngstrom: num.optional(),
  scfStepCount: z.number().int().nullable().optional(),
  temperatureK: num.optional(),
  kineticEnergyEv: num.optional(),
  pressureGpa: num.optional(),
  stressGpa: Matrix3.nullable().optional(),
  structure: Structure.optional(),
  forcesEvPerAngstrom: z.array(Vector3).optional(),
})
export type IonicStep = z.infer<typeof IonicStep>

/** Eigenvalues along a path or on a mesh. */
export const Bands = z.object({
  /** Fractional coordinates of the reciprocal lattice, one per k point. */
  kPoints: z.array(Vector3),
  kWeights: z.array(z.number()).optional(),
  /** [spin][k][band], eV. */
  eigenvaluesEv: z.array(z.array(z.array(z.number().nullable()))),
  /** [spin][k][band], 0 to 1 (2 where not spin-polarised is normalised to 1). */
  occupations: z.array(z.array(z.array(z.number()))).optional(),
  /** High-symmetry labels by index of k point. */
  labels: z.record(z.string(), z.string()).optional(),
  fermiEnergyEv: num.optional(),
})
export type Bands = z.infer<typeof Bands>

export const Dos = z.object({
  energiesEv: z.array(z.number()),
  /** [spin][energy], states/eV/cell. */
  densities: z.array(z.array(z.number())),
  /** [spin][energy], electrons. */
  integrated: z.array(z.array(z.number())).optional(),
  /** One per projection: site index from 0, orbital (`s`, `px`, `d`, …), spin index, densities. */
  projected: z
    .array(z.object({ site: z.number().int(), orbital: z.string(), spin: z.number().int(), densities: z.array(z.number()) }))
    .optional(),
  fermiEnergyEv: num.optional(),
})
export type Dos = z.infer<typeof Dos>

/** One quasiparticle correction (GW). Energies in eV on the code's own zero. */
export const Quasiparticle = z.object({
  kPointIndex: z.number().int(),
  band: z.number().int(),
  spin: z.number().int().optional(),
  bareEv: num,
  correctionEv: num,
  quasiparticleEv: num,
  renormalization: num.optional(),
  /** Imaginary part (lifetime), eV. */
  widthEv: num.optional(),
})
export type Quasiparticle = z.infer<typeof Quasiparticle>

/** An absorption or loss spectrum: columns of equal length. */
export const Spectrum = z.object({
  energiesEv: z.array(z.number()),
  epsilonImaginary: z.array(z.number()).optional(),
  epsilonReal: z.array(z.number()).optional(),
  lossFunction: z.array(z.number()).optional(),
})
export type Spectrum = z.infer<typeof Spectrum>

/** One electronic excitation (TD-DFT, BSE). */
export const Excitation = z.object({
  energyEv: z.number(),
  oscillatorStrength: num.optional(),
  multiplicity: z.string().nullable().optional(),
  label: z.string().optional(),
})
export type Excitation = z.infer<typeof Excitation>

/** Electronic, vibrational and rotational thermochemistry at one temperature, eV. */
export const Thermochemistry = z.object({
  temperatureK: z.number(),
  pressurePa: num.optional(),
  zeroPointEnergyEv: num,
  thermalCorrectionEv: num.optional(),
  enthalpyEv: num.optional(),
  /** T·S, eV. */
  entropyTimesTemperatureEv: num.optional(),
  gibbsEnergyEv: num.optional(),
})
export type Thermochemistry = z.infer<typeof Thermochemistry>

/** Quantities that only some kinds of calculation have. Absent where not computed; more may follow under names with units. */
export const Properties = z.looseObject({
  trajectory: z.array(IonicStep).optional(),
  bands: Bands.optional(),
  dos: Dos.optional(),
  quasiparticles: z.array(Quasiparticle).optional(),
  spectrum: Spectrum.optional(),
  excitations: z.array(Excitation).optional(),
  opticalGapEv: num.optional(),
  lowestExcitonEv: num.optional(),
  /** Minimum direct quasiparticle gap − lowestExcitonEv. */
  excitonBindingEv: num.optional(),
  dipoleDebye: Vector3.nullable().optional(),
  vibrationalFrequenciesPerCm: z.array(z.number()).optional(),
  infraredIntensitiesKmPerMol: z.array(z.number()).optional(),
  zeroPointEnergyEv: num.optional(),
  thermochemistry: z.array(Thermochemistry).optional(),
  dielectricTensor: Matrix3.nullable().optional(),
  dielectricTensorIonic: Matrix3.nullable().optional(),
  /** One matrix per atom, e; row = polarisation direction, column = displacement. */
  bornCharges: z.array(Matrix3).optional(),
  /** 6×6, Voigt xx yy zz yz xz xy, GPa. */
  elasticTensorGpa: z.array(z.array(z.number())).optional(),
  elasticTensorIonsRelaxed: z.boolean().optional(),
  bulkModulusVoigtGpa: num.optional(),
  bulkModulusReussGpa: num.optional(),
  bulkModulusHillGpa: num.optional(),
  shearModulusVoigtGpa: num.optional(),
  spreadTotalAngstrom2: num.optional(),
  spreadInvariantAngstrom2: num.optional(),
  spreadDiagonalAngstrom2: num.optional(),
  spreadOffDiagonalAngstrom2: num.optional(),
  disentanglementConverged: z.boolean().nullable().optional(),
  wannierCentres: z.array(z.object({ centreAngstrom: Vector3, spreadAngstrom2: z.number() })).optional(),
  /** Isotropic shieldings by atom, ppm. */
  nmrShieldingsPpm: z.array(z.number().nullable()).optional(),
})
export type Properties = z.infer<typeof Properties>
