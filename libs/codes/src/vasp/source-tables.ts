// Values of other programs, by element; each is held against the program itself by `npm run trials -- --only presets`.

const byElement = (words: string): ReadonlyMap<string, string> =>
  new Map(
    words
      .trim()
      .split(/\s+/)
      .map((name) => [name.replace(/_.*$/, ''), name] as const),
  )
const numbers = (words: string): ReadonlyMap<string, number> =>
  new Map(
    words
      .trim()
      .split(/\s+/)
      .map((word) => word.split(':'))
      .map(([element = '', value]) => [element, Number(value)] as const),
  )

/** Variants of MPRelaxSet.yaml (pymatgen-core 2026.10.16); other elements take the plain one. */
export const MP_VARIANTS = byElement(`
Ba_sv Be_sv Ca_sv Cr_pv Cs_sv Cu_pv Dy_3 Er_3 Fe_pv Ga_d Ge_d Hf_pv Ho_3 In_d K_sv Li_sv Lu_3 Mg_pv Mn_pv
Mo_pv Na_pv Nb_pv Nd_3 Ni_pv Os_pv Pb_d Pm_3 Pr_3 Rb_sv Re_pv Rh_pv Ru_pv Sc_sv Sm_3 Sn_d Sr_sv Ta_pv Tb_3
Tc_pv Ti_pv Tl_d Tm_3 V_pv W_pv Y_sv Yb_2 Zr_sv`)

/** Variants of PBE64Base.yaml (pymatgen-core 2026.10.16). */
export const PBE_64_VARIANTS = byElement(`
Ba_sv_GW Be_sv Ca_sv Cr_pv Cs_sv Cu_pv Dy_h Er_h Fe_pv Fr_sv Ga_d Ge_d Hf_pv Ho_h In_d K_sv Li_sv Lu_3 Mg_pv
Mn_pv Mo_pv Na_pv Nb_pv Nd_h Ni_pv Os_pv Pb_d Pm_h Po_d Pr_h Ra_sv Rb_sv Re_pv Rh_pv Ru_pv Sc_sv Sm_h Sn_d
Sr_sv Ta_pv Tb_h Tc_pv Ti_pv Tl_d Tm_h V_pv W_sv Xe_GW Y_sv Yb_h Zr_sv`)

/** Variants of setups_default.yaml (quacc 1.8.2). */
export const QUACC_VARIANTS = byElement(`
Ba_sv Bi_d Ca_sv Cr_pv Cs_sv Dy_3 Er_3 Eu_3 Fr_sv Ga_d Gd_3 Ge_d Hf_pv Ho_3 In_d K_sv Li_sv Lu_3 Mn_pv Mo_sv
Na_pv Nb_sv Nd_3 Pb_d Pm_3 Po_d Pr_3 Ra_sv Rb_sv Rh_pv Ru_pv Sc_sv Sm_3 Sn_d Sr_sv Ta_pv Tb_3 Tc_pv Ti_sv Tl_d
Tm_3 V_sv W_sv Y_sv Yb_3 Zr_sv`)

/** Initial moments in Bohr magnetons of magmoms_high.yaml (quacc 1.8.2); other elements take 0.5 (its VASP_PRESET_MAG_DEFAULT). */
export const QUACC_MOMENTS = numbers(`
Am:7 Bk:6 Ce:2 Cf:5 Cm:7 Co:4 Cr:4 Cu:2 Dy:5 Er:3 Es:4 Eu:7 Fe:5 Fm:3 Gd:7 Ho:4 Md:2 Mn:5 Nd:4 Ni:3 Np:5 Pa:3 Pm:5
Pr:3 Pu:6 Sm:6 Tb:6 Th:2 Ti:2 Tm:2 U:4 V:3`)
export const QUACC_OTHER_MOMENT = 0.5

/** U in eV on d shells of MPRelaxSet.yaml, where oxygen or fluorine is the most electronegative element. */
export const MP_HUBBARD = numbers('Co:3.32 Cr:3.7 Fe:5.3 Mn:3.9 Mo:4.38 Ni:6.2 V:3.25 W:6.2')
