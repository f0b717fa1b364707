import {
  choice,
  count,
  index,
  integer,
  type KeywordTable,
  logical,
  notNegative,
  positive,
  real,
  text,
} from '../../writing/keyword-table.ts'

// Namelists of the programs that work on what pw.x left, after their INPUT_ files (6.0 to 7.4).

const INPUTPH: KeywordTable = {
  amass: positive,
  niter_ph: count,
  tr2_ph: positive,
  alpha_mix: { type: 'real', above: 0, most: 1 },
  nmix_ph: count,
  verbosity: choice('debug', 'high', 'medium', 'low', 'default', 'minimal'),
  reduce_io: logical,
  max_seconds: positive,
  dftd3_hess: text,
  fildrho: text,
  fildvscf: text,
  epsil: logical,
  lrpa: logical,
  lnoloc: logical,
  trans: logical,
  lraman: logical,
  eth_rps: positive,
  eth_ns: positive,
  dek: positive,
  low_directory_check: logical,
  only_init: logical,
  qplot: logical,
  q2d: logical,
  q_in_band_form: logical,
  electron_phonon: choice(
    'simple',
    'interpolated',
    'lambda_tetra',
    'gamma_tetra',
    'epa',
    'ahc',
    'yambo',
    'prt',
    'wannier',
    'dvscf',
    'scdft_input',
    'Wannier',
  ),
  el_ph_nsigma: count,
  el_ph_sigma: positive,
  lshift_q: logical,
  zeu: logical,
  zue: logical,
  elop: logical,
  fpol: logical,
  ldisp: logical,
  nogg: logical,
  asr: logical,
  ldiag: logical,
  lqdir: logical,
  search_sym: logical,
  nq1: count,
  nq2: count,
  nq3: count,
  nk1: count,
  nk2: count,
  nk3: count,
  k1: index,
  k2: index,
  k3: index,
  diagonalization: choice('david', 'cg', 'paro'),
  read_dns_bare: logical,
  start_irr: integer,
  last_irr: integer,
  nat_todo: index,
  modenum: index,
  start_q: count,
  last_q: integer,
  ldvscf_interpolation: logical,
  wpot_dir: text,
  do_long_range: logical,
  do_charge_neutral: logical,
}

const Q2R: KeywordTable = {
  zasr: choice('no', 'simple', 'crystal', 'one-dim', 'zero-dim', 'all'),
  loto_2d: logical,
  write_lr: logical,
}

const MATDYN: KeywordTable = {
  asr: choice('no', 'simple', 'crystal', 'one-dim', 'zero-dim', 'all'),
  huang: logical,
  dos: logical,
  nk1: count,
  nk2: count,
  nk3: count,
  deltae: positive,
  ndos: count,
  degauss: notNegative,
  l1: count,
  l2: count,
  l3: count,
  amass: positive,
  la2f: logical,
  eigen_similarity: logical,
  q_in_band_form: logical,
  q_in_cryst_coord: logical,
  fd: logical,
  na_ifc: logical,
  nosym: logical,
  loto_2d: logical,
  loto_disable: logical,
  read_lr: logical,
  write_frc: logical,
}

const ENERGY_WINDOW: KeywordTable = { ngauss: integer, degauss: notNegative, emin: real, emax: real, deltae: positive }

const DOS: KeywordTable = { bz_sum: choice('smearing', 'tetrahedra', 'tetrahedra_lin', 'tetrahedra_opt'), ...ENERGY_WINDOW }

const PROJWFC: KeywordTable = {
  ...ENERGY_WINDOW,
  lsym: logical,
  diag_basis: logical,
  pawproj: logical,
  lwrite_overlaps: logical,
  lbinary_data: logical,
  kresolveddos: logical,
  tdosinboxes: logical,
  n_proj_boxes: count,
  irmin: integer,
  irmax: integer,
  plotboxes: logical,
}

const BANDS: KeywordTable = {
  spin_component: { type: 'integer', least: 1, most: 2 },
  lsigma: logical,
  lp: logical,
  lsym: logical,
  no_overlap: logical,
  plot_2d: logical,
  firstk: count,
  lastk: count,
}

const INPUTPP: KeywordTable = {
  plot_num: { type: 'integer', least: 0, most: 123 },
  spin_component: { type: 'integer', least: 0, most: 3 },
  sample_bias: real,
  kpoint: count,
  kband: count,
  lsign: logical,
  emin: real,
  emax: real,
  degauss_ldos: positive,
  delta_e: positive,
}

const PLOT: KeywordTable = {
  weight: real,
  iflag: { type: 'integer', least: 0, most: 4 },
  output_format: { type: 'integer', least: 0, most: 7 },
  interpolation: choice('fourier', 'bspline'),
  e1: real,
  x0: real,
  e2: real,
  e3: real,
  nx: count,
  ny: count,
  nz: count,
  radius: positive,
}

const PW2WANNIER90: KeywordTable = {
  spin_component: choice('none', 'up', 'down'),
  write_amn: logical,
  write_mmn: logical,
  write_eig: logical,
  write_spn: logical,
  spn_formatted: logical,
  write_uhu: logical,
  uhu_formatted: logical,
  write_uiu: logical,
  uiu_formatted: logical,
  write_shu: logical,
  write_siu: logical,
  write_unk: logical,
  reduce_unk: logical,
  wvfn_formatted: logical,
  write_dmn: logical,
  read_sym: logical,
  irr_bz: logical,
  regular_mesh: logical,
  scdm_proj: logical,
  scdm_entanglement: choice('isolated', 'erfc', 'gaussian'),
  scdm_mu: real,
  scdm_sigma: positive,
  atom_proj: logical,
  atom_proj_exclude: text,
  atom_proj_ortho: logical,
}

/** One program: its executable, its namelists, and the files that the platform names. */
export type Tool = {
  readonly executable: string
  readonly namelists: Readonly<Record<string, KeywordTable>>
  /** Keywords that the platform sets, by namelist. Not for the user. */
  readonly ours: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** Arrays with the number of their indices. */
  readonly arrays: Readonly<Record<string, number>>
  /** Whether it is given the pools of k points that pw.x has. */
  readonly hasPools: boolean
  /** Outputs beside its standard output. */
  readonly keep: readonly string[]
  /** Files that the user has to send along. */
  readonly needs?: readonly string[]
}

const PLACE = { prefix: 'crystalmath', outdir: './out' }

export const TOOLS = {
  ph: {
    executable: 'ph.x',
    namelists: { inputph: INPUTPH },
    ours: { inputph: { ...PLACE, fildyn: 'crystalmath.dyn' } },
    arrays: { amass: 1, alpha_mix: 1 },
    hasPools: true,
    keep: ['crystalmath.dyn*'],
  },
  q2r: {
    executable: 'q2r.x',
    namelists: { input: Q2R },
    ours: { input: { fildyn: 'crystalmath.dyn', flfrc: 'crystalmath.fc' } },
    arrays: {},
    hasPools: false,
    keep: ['crystalmath.fc'],
  },
  matdyn: {
    executable: 'matdyn.x',
    namelists: { input: MATDYN },
    ours: {
      input: {
        flfrc: 'crystalmath.fc',
        flfrq: 'crystalmath.freq',
        flvec: 'crystalmath.modes',
        fleig: 'crystalmath.eig',
        fldos: 'crystalmath.phdos',
      },
    },
    arrays: { amass: 1 },
    hasPools: false,
    keep: ['crystalmath.freq*', 'crystalmath.modes', 'crystalmath.phdos'],
  },
  dos: {
    executable: 'dos.x',
    namelists: { dos: DOS },
    ours: { dos: { ...PLACE, fildos: 'crystalmath.dos' } },
    arrays: {},
    hasPools: false,
    keep: ['crystalmath.dos'],
  },
  projwfc: {
    executable: 'projwfc.x',
    namelists: { projwfc: PROJWFC },
    ours: { projwfc: { ...PLACE, filpdos: 'crystalmath' } },
    arrays: { irmin: 2, irmax: 2 },
    hasPools: false,
    keep: ['crystalmath.pdos_*'],
  },
  bands: {
    executable: 'bands.x',
    namelists: { bands: BANDS },
    ours: { bands: { ...PLACE, filband: 'crystalmath.bands' } },
    arrays: { lsigma: 1 },
    hasPools: false,
    keep: ['crystalmath.bands*'],
  },
  pp: {
    executable: 'pp.x',
    namelists: { inputpp: INPUTPP, plot: PLOT },
    ours: { inputpp: { ...PLACE, filplot: 'crystalmath.pp' }, plot: { fileout: 'crystalmath.plot' } },
    arrays: { e1: 1, x0: 1, e2: 1, e3: 1, weight: 1, spin_component: 1, kpoint: 1, kband: 1 },
    hasPools: false,
    keep: ['crystalmath.plot*'],
  },
  // between the setup and the run of Wannier90, which are jobs of their own
  pw2wannier90: {
    executable: 'pw2wannier90.x',
    namelists: { inputpp: PW2WANNIER90 },
    ours: { inputpp: { ...PLACE, seedname: 'wannier90' } },
    arrays: {},
    hasPools: false,
    keep: ['wannier90.mmn', 'wannier90.amn', 'wannier90.eig', 'wannier90.spn'],
    needs: ['wannier90.nnkp'],
  },
} as const satisfies Record<string, Tool>

export type ToolName = keyof typeof TOOLS
export const TOOL_NAMES = Object.keys(TOOLS) as readonly ToolName[]
export const isTool = (word: string): word is ToolName => Object.hasOwn(TOOLS, word)
