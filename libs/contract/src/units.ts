// CODATA 2018 recommended values (Tiesinga et al., Rev. Mod. Phys. 93, 025010, 2021).

/** eV in one hartree. */
export const EV_PER_HARTREE = 27.211386245988
/** eV in one rydberg. */
export const EV_PER_RYDBERG = EV_PER_HARTREE / 2
/** Å in one bohr. */
export const ANGSTROM_PER_BOHR = 0.529177210903
/** GPa in one eV/Å³ (the elementary charge is exact). */
export const GPA_PER_EV_PER_ANGSTROM3 = 160.2176634
/** GPa in one hartree/bohr³. */
export const GPA_PER_HARTREE_PER_BOHR3 = (EV_PER_HARTREE / ANGSTROM_PER_BOHR ** 3) * GPA_PER_EV_PER_ANGSTROM3
/** GPa in one kbar. */
export const GPA_PER_KBAR = 0.1
/** Debye in one atomic unit of dipole moment (e·bohr). */
export const DEBYE_PER_E_BOHR = 2.541746473
/** cm⁻¹ in one THz: 1e12 / (100 c). */
export const PER_CM_PER_THZ = 33.35640951981521
/** eV in one cm⁻¹. */
export const EV_PER_PER_CM = 1.239841984332003e-4
/** K in one eV. */
export const KELVIN_PER_EV = 11604.518121550082
/** eV in one kcal/mol (thermochemical calorie). */
export const EV_PER_KCAL_PER_MOL = 0.043364104241800934
/** Memory in resources is told in MiB. */
export const BYTES_PER_MEBIBYTE = 2 ** 20
