import type { JobRequestInput, PseudopotentialFile, Resources, Structure } from '@crystalmath/contract'
import { describe, expect, it } from 'vitest'
import { writesOf } from './writes.ts'
import { pseudopotential, SILICON, sampleTask } from './writing/sample-task.ts'

/** What is asked for, in words, parameters, and what else is unusual about it. */
type Case = {
  readonly parameters: Readonly<Record<string, unknown>>
  readonly structure?: Structure | null
  readonly resources?: Partial<Resources>
  readonly files?: readonly PseudopotentialFile[]
  readonly extra?: readonly { readonly path: string; readonly text: string }[]
  /** Instead of what makes the code's other cases whole. */
  readonly bare?: boolean
}
type Mistake = readonly [mistake: string, asked: Case['parameters'] | Case, path: string, message: RegExp, mend: RegExp]
type Code = JobRequestInput['code']

const isCase = (asked: Case['parameters'] | Case): asked is Case =>
  typeof asked['parameters'] === 'object' && asked['parameters'] !== null
const caseOf = (asked: Case['parameters'] | Case): Case => (isCase(asked) ? asked : { parameters: asked })

const cubic = (a: number, atoms: readonly (readonly [string, number, number, number])[]): Structure => ({
  latticeAngstrom: [
    [a, 0, 0],
    [0, a, 0],
    [0, 0, a],
  ],
  periodic: [true, true, true],
  species: atoms.map(([symbol]) => symbol),
  positionsAngstrom: atoms.map(([, x, y, z]) => [x * a, y * a, z * a]),
})
const molecule = (atoms: readonly (readonly [string, number, number, number])[]): Structure => ({
  latticeAngstrom: null,
  species: atoms.map(([symbol]) => symbol),
  positionsAngstrom: atoms.map(([, x, y, z]) => [x, y, z]),
})
const WATER = molecule([
  ['O', 0, 0, 0.1173],
  ['H', 0, 0.7572, -0.4692],
  ['H', 0, -0.7572, -0.4692],
])
const ATOM = molecule([['He', 0, 0, 0]])
const GOLD_HYDRIDE = molecule([
  ['Au', 0, 0, 0],
  ['H', 0, 0, 1.52],
])
const THORIUM_OXIDE = molecule([
  ['Th', 0, 0, 0],
  ['O', 0, 0, 1.84],
])
const IRON = cubic(2.87, [
  ['Fe', 0, 0, 0],
  ['Fe', 0.5, 0.5, 0.5],
])
const IRON_OXIDE = cubic(4.3, [
  ['Fe', 0, 0, 0],
  ['O', 0.5, 0, 0],
  ['Fe', 0.5, 0.5, 0],
  ['O', 0, 0.5, 0],
])
const LEFT_HANDED: Structure = {
  ...SILICON,
  latticeAngstrom: [
    [2.715, 0, 2.715],
    [0, 2.715, 2.715],
    [2.715, 2.715, 0],
  ],
}
const UPF = [
  pseudopotential({ fileName: 'Si.UPF', element: 'Si', functional: 'PBE', cutoffRydberg: 30 }),
  pseudopotential({ fileName: 'Fe.UPF', element: 'Fe', functional: 'PBE', kind: 'US', valenceElectrons: 16, cutoffRydberg: 45 }),
  pseudopotential({ fileName: 'O.UPF', element: 'O', functional: 'PBE', kind: 'PAW', valenceElectrons: 6, cutoffRydberg: 50 }),
  pseudopotential({ fileName: 'C.pbe.UPF', element: 'C', functional: 'PBE', cutoffRydberg: 60 }),
  pseudopotential({ fileName: 'C.pz.UPF', element: 'C', functional: 'PZ', cutoffRydberg: 60 }),
  pseudopotential({ fileName: 'H.pz.UPF', element: 'H', functional: 'PZ', valenceElectrons: 1, cutoffRydberg: 40 }),
]
const potcar = (variant: string, element: string, valenceElectrons: number, release = 'potpaw_PBE.54') =>
  pseudopotential({
    fileName: `${release}/${variant}/POTCAR`,
    element,
    kind: 'PAW',
    functional: release.includes('LDA') ? 'LDA' : 'PBE',
    valenceElectrons,
    cutoffRydberg: 20,
  })
const POTCARS = [
  potcar('Si', 'Si', 4),
  potcar('Fe', 'Fe', 8),
  potcar('Fe_pv', 'Fe', 14),
  potcar('O', 'O', 6),
  potcar('Ge_d', 'Ge', 14),
]
const OVERLAPS = ['mmn', 'amn', 'eig'].map((ending) => ({ path: `wannier90.${ending}`, text: 'x' }))

const MGO = cubic(4.21, [
  ['Mg', 0, 0, 0],
  ['O', 0.5, 0.5, 0.5],
])
const MG = '12 3\n1 0 3 2. 0.\n1 1 3 8. 0.\n1 1 3 2. 0.'
const O = '8 2\n1 0 3 2. 0.\n1 1 3 6. 0.'
const LAYER: Structure = { ...MGO, periodic: [true, true, false] }

/** What every case of a code has unless it says otherwise. */
const BASE: Readonly<Record<string, Partial<Case>>> = {
  'quantum-espresso': { structure: SILICON, files: UPF },
  vasp: { structure: SILICON, files: POTCARS },
  orca: { structure: WATER },
  wannier90: { structure: SILICON, extra: OVERLAPS, parameters: { wannierFunctionCount: 4, kMesh: [2, 2, 2] } },
  crystal: { structure: MGO, parameters: { basis: { Mg: MG, O } } },
  yambo: {
    structure: SILICON,
    files: UPF,
    parameters: {
      ...{ bandCount: 20, exchangeCutoffRydberg: 30, screeningCutoffRydberg: 4, pw: { cutoffRydberg: 40, kMesh: [4, 4, 4] } },
      quasiparticles: [{ kPoints: [1, 1], bands: [4, 5] }],
    },
  },
  script: { structure: null },
}

function prepared(code: Code, asked: Case['parameters'] | Case) {
  const own = caseOf(asked)
  const base = own.bare === true ? {} : (BASE[code] ?? {})
  const {
    structure,
    resources,
    files,
    extra = [],
    parameters,
  } = {
    ...base,
    ...own,
    parameters: { ...base.parameters, ...own.parameters },
  }
  const task = sampleTask({
    code,
    parameters,
    structure: structure ?? null,
    ...(files === undefined ? {} : { files }),
    request: { extraFiles: [...extra], ...(resources === undefined ? {} : { resources }) },
  })
  const answer = writesOf(code)?.prepare(task)
  if (answer === undefined) throw new Error(`${code} writes nothing`)
  return answer
}

// biome-ignore format: a table
const QE: readonly Mistake[] = [
  ['a misspelt namelist', { systm: { ecutwfc: 40 } }, 'parameters.systm', /no parameter "systm"/, /system/],
  ['a misspelt keyword', { system: { ecutwf: 40 } }, 'parameters.system.ecutwf', /no keyword/, /ecutwfc/],
  ['a keyword outside its namelist', { ecutwfc: 40 }, 'parameters.ecutwfc', /no parameter/, /parameters\.system/],
  ['a keyword in the wrong namelist', { control: { ecutwfc: 40 } }, 'parameters.control.ecutwfc', /ecutwfc/, /system/],
  ['a cut-off in quotes', { system: { ecutwfc: '40' } }, 'parameters.system.ecutwfc', /must be a number/, /without quotes/],
  ['a negative cut-off', { cutoffRydberg: -40 }, 'parameters.cutoffRydberg', /number above 0/, /above 0/],
  ['a cut-off in hartree', { cutoffRydberg: 12 }, 'parameters.cutoffRydberg', /less than half of the 30 Ry/, /at least 30/],
  ['a density cut-off below four times the other', { cutoffRydberg: 40, densityCutoffRydberg: 120 }, 'parameters.densityCutoffRydberg', /density would be cut off/, /160/],
  ['the cut-off twice', { cutoffRydberg: 40, system: { ecutwfc: 50 } }, 'parameters.system.ecutwfc', /twice/, /leave one/],
  ['an unknown calculation', { calculation: 'vcrelax' }, 'parameters.calculation', /one of/, /vc-relax/],
  ['an unknown preset', { preset: 'normal' }, 'parameters.preset', /one of/, /moderate/],
  ['the calculation twice', { calculation: 'relax', control: { calculation: 'scf' } }, 'parameters.control.calculation', /twice/, /leave one/],
  ['ibrav by hand', { system: { ibrav: 2 } }, 'parameters.system.ibrav', /taken from the structure/, /leave it out/],
  ['celldm by hand', { system: { 'celldm(1)': 10.2 } }, 'parameters.system.celldm(1)', /taken from the structure/, /leave it out/],
  ['nat by hand', { system: { nat: 2 } }, 'parameters.system.nat', /taken from the structure/, /leave it out/],
  ['a pseudo_dir of this machine', { control: { pseudo_dir: '/home/me' } }, 'parameters.control.pseudo_dir', /set by the platform/, /leave it out/],
  ['an outdir', { control: { outdir: './tmp' } }, 'parameters.control.outdir', /set by the platform/, /leave it out/],
  ['a prefix', { control: { prefix: 'si' } }, 'parameters.control.prefix', /set by the platform/, /leave it out/],
  ['a restart by hand', { control: { restart_mode: 'restart' } }, 'parameters.control.restart_mode', /recovery decides/, /leave it out/],
  ['two numbers for a mesh', { kMesh: [4, 4] }, 'parameters.kMesh', /three of/, /three of/],
  ['a mesh with a zero', { kMesh: [4, 4, 0] }, 'parameters.kMesh', /at least 1/, /three of/],
  ['a mesh with a fraction', { kMesh: [4, 4, 1.5] }, 'parameters.kMesh', /whole number/, /three of/],
  ['a shift of a half', { kMesh: [4, 4, 4], kShift: [0.5, 0.5, 0.5] }, 'parameters.kShift', /whole number/, /three of/],
  ['a mesh and a spacing', { kMesh: [4, 4, 4], kSpacingPerAngstrom: 0.2 }, 'parameters.kMesh', /exclude each other/, /leave one/],
  ['a spacing of zero', { kSpacingPerAngstrom: 0 }, 'parameters.kSpacingPerAngstrom', /at least 0.005/, /at least/],
  ['a k point of two numbers', { kPoints: [[0, 0]] }, 'parameters.kPoints', /three fractional/, /three fractional/],
  ['a shift of a list', { kPoints: [[0, 0, 0]], kShift: [1, 1, 1] }, 'parameters.kShift', /has no shift/, /leave kShift/],
  ['bands without a path', { calculation: 'bands' }, 'parameters.kPoints', /need a list of k points/, /kPoints/],
  ['a smearing without a width', { smearing: { kind: 'cold' } }, 'parameters.smearing', /widthEv/, /widthEv/],
  ['a smearing in the words of pw.x', { smearing: { kind: 'mv', widthEv: 0.1 } }, 'parameters.smearing', /cold/, /cold/],
  ['smearing occupations without a width', { system: { occupations: 'smearing' } }, 'parameters.system.degauss', /needs a width/, /widthEv/],
  ['a width with fixed occupations', { system: { occupations: 'fixed', degauss: 0.01 } }, 'parameters.system.degauss', /no effect/, /leave it out/],
  ['tetrahedra on a list of points', { kPoints: [[0, 0, 0]], system: { occupations: 'tetrahedra' } }, 'parameters.system.occupations', /regular mesh/, /kMesh/],
  ['spins that nothing tells apart', { system: { nspin: 2 } }, 'parameters.system.nspin', /tells up from down/, /initialMomentsBohr/],
  ['nspin = 3', { system: { nspin: 3 } }, 'parameters.system.nspin', /1, 2 or 4/, /write 2/],
  ['collinear and noncollinear at once', { system: { nspin: 2, noncolin: true, tot_magnetization: 0 } }, 'parameters.system.nspin', /exclude each other/, /leave nspin/],
  ['spin-orbit without noncolin', { system: { lspinorb: true } }, 'parameters.system.lspinorb', /needs noncollinear/, /noncolin/],
  ['spin-orbit with scalar pseudopotentials', { system: { lspinorb: true, noncolin: true } }, 'parameters.system.lspinorb', /fully relativistic/, /rel/],
  ['a moment in Bohr magnetons', { parameters: { system: { nspin: 2, starting_magnetization: { Fe: 2.2 } } }, structure: IRON }, 'parameters.system.starting_magnetization(1)', /between -1 and 1/, /divide/],
  ['a moment of an element that is not there', { system: { nspin: 2, starting_magnetization: { Fe: 0.5 } } }, 'parameters.system.starting_magnetization.Fe', /no kind of atom/, /Si/],
  ['a moment without spins', { parameters: { system: { starting_magnetization: { Fe: 0.5 } } }, structure: IRON }, 'parameters.system.starting_magnetization(1)', /no effect without spins/, /nspin/],
  ['moments of the structure and nspin = 1', { parameters: { system: { nspin: 1 } }, structure: { ...IRON, initialMomentsBohr: [2, 2] } }, 'parameters.system.nspin', /contradicts the initial moments/, /leave nspin/],
  ['a moment larger than the valence', { parameters: {}, structure: { ...IRON, initialMomentsBohr: [20, 0] } }, 'structure.initialMomentsBohr', /valence electrons/, /smaller moment/],
  ['more magnetization than electrons', { system: { nspin: 2, tot_magnetization: 10 } }, 'parameters.system.tot_magnetization', /cannot have a magnetization/, /at most 8/],
  ['an odd magnetization of even electrons', { smearing: null, system: { nspin: 2, tot_magnetization: 1 } }, 'parameters.system.tot_magnetization', /whole orbitals/, /even/],
  ['a magnetization without spins', { system: { tot_magnetization: 1 } }, 'parameters.system.tot_magnetization', /collinear spins/, /nspin/],
  ['fixed occupations of an odd number', { smearing: null, system: { tot_charge: 1 } }, 'parameters.system.occupations', /even number of electrons/, /smearing/],
  ['fixed occupations with spins and no magnetization', { parameters: { smearing: null, system: { nspin: 2, starting_magnetization: { Fe: 0.1 } } }, structure: IRON }, 'parameters.system.occupations', /tot_magnetization/, /unpaired/],
  ['a charge that leaves no electrons', { system: { tot_charge: 9 } }, 'parameters.system.tot_charge', /valence electrons/, /smaller/],
  ['too few bands', { system: { nbnd: 3 } }, 'parameters.system.nbnd', /cannot hold 8 electrons/, /at least 4/],
  ['a Hubbard U that is not switched on', { parameters: { system: { hubbard_u: { Fe: 4 } } }, structure: IRON }, 'parameters.system.hubbard_u(1)', /no effect without lda_plus_u/, /HUBBARD/],
  ['a dipole correction without a field', { control: { dipfield: true } }, 'parameters.control.dipfield', /needs tefield/, /tefield/],
  ['a cell to relax in an ionic relaxation', { calculation: 'relax', cell: { press: 100 } }, 'parameters.cell', /does not read the namelist/, /vc-relax/],
  ['ions to move in a single point', { ions: { ion_dynamics: 'bfgs' } }, 'parameters.ions', /does not read the namelist/, /relax/],
  ['pools that do not divide the ranks', { parameters: { pools: 3 }, resources: { ranks: 4 } }, 'parameters.pools', /cannot be shared out/, /divisor/],
  ['more pools than k points', { parameters: { pools: 4, kMesh: [1, 1, 1] }, resources: { ranks: 4 } }, 'parameters.pools', /more than the 1 k points/, /at most 1/],
  ['an element without a pseudopotential', { parameters: {}, structure: cubic(5.6, [['Ge', 0, 0, 0]]) }, 'parameters.pseudopotentials.Ge', /no pseudopotential for Ge/, /folder/],
  ['a pseudopotential that is not there', { pseudopotentials: { Si: 'Si.pbesol.UPF' } }, 'parameters.pseudopotentials.Si', /there is no pseudopotential/, /Si\.UPF/],
  ['a pseudopotential of another element', { pseudopotentials: { Si: 'Fe.UPF' } }, 'parameters.pseudopotentials.Si', /of Fe, not of Si/, /Si\.UPF/],
  ['a pseudopotential too many', { pseudopotentials: { Si: 'Si.UPF', O: 'O.UPF' } }, 'parameters.pseudopotentials.O', /the structure has no O/, /one file/],
  ['two pseudopotentials that fit', { parameters: {}, structure: cubic(3.57, [['C', 0, 0, 0]]) }, 'parameters.pseudopotentials.C', /2 pseudopotentials fit C/, /name one/],
  ['a family that is not there', { pseudopotentialFamily: 'SSSP' }, 'parameters.pseudopotentials.Si', /of the family "SSSP"/, /Si\.UPF/],
  ['two functionals in one cell', { parameters: { pseudopotentials: { C: 'C.pbe.UPF' } }, structure: cubic(3, [['C', 0, 0, 0], ['H', 0.37, 0, 0]]) }, 'parameters.pseudopotentials', /C\.pbe\.UPF/, /functional|input_dft|one/],
  ['a molecule without a box', { parameters: {}, structure: molecule([['Si', 0, 0, 0]]) }, 'parameters.vacuumAngstrom', /molecule without a lattice/, /10 for example/],
  ['no structure', { parameters: {}, structure: null }, 'structure', /needs a structure/, /add a structure/],
  ['ph without pw', { steps: [{ program: 'ph' }] }, 'parameters.steps[0]', /reads what a run of pw writes/, /before it/],
  ['matdyn without q2r', { steps: [{ program: 'pw' }, { program: 'matdyn' }] }, 'parameters.steps[1]', /q2r/, /before it/],
  ['a program with its ending', { steps: [{ program: 'pw.x' }] }, 'parameters.steps[0].program', /must be one of/, /"pw"/],
  ['steps that are no list', { steps: { program: 'pw' } }, 'parameters.steps', /list of 1 to 20/, /write for example/],
  ['pw2wannier90 without its nnkp', { steps: [{ program: 'pw' }, { program: 'pw2wannier90' }] }, 'parameters.steps[1]', /wannier90\.nnkp/, /extra file/],
  ['a card that is no card', { cards: ['K_POINTS gamma'] }, 'parameters.cards', /HUBBARD/, /card/],
  ['a mixing beta in quotes', { electrons: { mixing_beta: '0.3' } }, 'parameters.electrons.mixing_beta', /must be a number/, /without quotes/],
  ['a logical in quotes', { control: { tstress: '.true.' } }, 'parameters.control.tstress', /true or false/, /true or false/],
  ['a misspelt diagonalisation', { electrons: { diagonalization: 'davids' } }, 'parameters.electrons.diagonalization', /does not know "davids"/, /david/],
  ['a misspelt dispersion', { system: { vdw_corr: 'grimme-d33' } }, 'parameters.system.vdw_corr', /does not know/, /grimme-d3/],
  ['a file in the place of ours', { parameters: {}, extra: [{ path: 'pw.in', text: '' }] }, 'extraFiles[0].path', /uses itself/, /another name/],
  ['a file in the place of the work folder', { parameters: {}, extra: [{ path: 'out/x', text: '' }] }, 'extraFiles[0].path', /uses itself/, /another name/],
]

// biome-ignore format: a table
const VASP: readonly Mistake[] = [
  ['a misspelt tag', { incar: { ENCTU: 400 } }, 'parameters.incar.ENCTU', /no INCAR tag/, /ENCUT/],
  ['a tag outside incar', { ENCUT: 400 }, 'parameters.ENCUT', /no parameter/, /parameters\.incar/],
  ['an unknown calculation', { calculation: 'scf' }, 'parameters.calculation', /one of/, /static/],
  ['an unknown functional', { functional: 'B3LYP' }, 'parameters.functional', /one of/, /HSE06/],
  ['an unknown dispersion', { dispersion: 'D3(BJ)' }, 'parameters.dispersion', /one of/, /D3BJ/],
  ['a cut-off in quotes', { incar: { ENCUT: '400' } }, 'parameters.incar.ENCUT', /must be a number/, /number/],
  ['a cut-off in rydberg', { cutoffEv: 40 }, 'parameters.cutoffEv', /less than half/, /at least 27/],
  ['a negative cut-off', { incar: { ENCUT: -400 } }, 'parameters.incar.ENCUT', /above zero/, /above zero/],
  ['the cut-off twice', { cutoffEv: 400, incar: { ENCUT: 500 } }, 'parameters.incar.ENCUT', /twice/, /leave one/],
  ['KSPACING in INCAR', { incar: { KSPACING: 0.2 } }, 'parameters.incar.KSPACING', /set by the platform/, /kSpacingPerAngstrom/],
  ['ISTART by hand', { incar: { ISTART: 1 } }, 'parameters.incar.ISTART', /set by the platform/, /recovery/],
  ['a mesh of two numbers', { kMesh: [4, 4] }, 'parameters.kMesh', /three of/, /three of/],
  ['a mesh and a list', { kMesh: [4, 4, 4], kPoints: [[0, 0, 0, 1]] }, 'parameters.kPoints', /exclude each other/, /leave one/],
  ['an unknown scheme', { kScheme: 'Gamma' }, 'parameters.kScheme', /one of/, /gamma/],
  ['tetrahedra on one point', { kMesh: [1, 1, 1], incar: { ISMEAR: -5 } }, 'parameters.incar.ISMEAR', /at least 4 k points/, /gaussian/],
  ['a width of zero', { incar: { SIGMA: 0 } }, 'parameters.incar.SIGMA', /above zero/, /0\.05/],
  ['the smearing twice', { smearing: { kind: 'gaussian', widthEv: 0.1 }, incar: { ISMEAR: 1 } }, 'parameters.incar.ISMEAR', /twice/, /leave one/],
  ['a width for tetrahedra', { smearing: { kind: 'tetrahedron', widthEv: 0.1 } }, 'parameters.smearing', /tetrahedron/, /tetrahedron/],
  ['an ISMEAR in words', { incar: { ISMEAR: 'gaussian' } }, 'parameters.incar.ISMEAR', /whole number/, /whole number/],
  ['MAGMOM for too few atoms', { incar: { ISPIN: 2, MAGMOM: [2] } }, 'parameters.incar.MAGMOM', /1 numbers, but 2 atoms need 2/, /initialMomentsBohr/],
  ['MAGMOM as a text', { incar: { ISPIN: 2, MAGMOM: '2*2.0' } }, 'parameters.incar.MAGMOM', /list of numbers/, /list of numbers/],
  ['MAGMOM without spins', { parameters: { incar: { MAGMOM: [2, 2] } }, structure: IRON }, 'parameters.incar.MAGMOM', /no effect without ISPIN/, /ISPIN to 2/],
  ['MAGMOM where atoms are put in another order', { parameters: { incar: { ISPIN: 2, MAGMOM: [4, 0, 4, 0] } }, structure: IRON_OXIDE }, 'parameters.incar.MAGMOM', /another order/, /initialMomentsBohr/],
  ['moments of the structure and ISPIN = 1', { parameters: { incar: { ISPIN: 1 } }, structure: { ...IRON, initialMomentsBohr: [2, 2] } }, 'parameters.incar.ISPIN', /contradicts/, /leave ISPIN/],
  ['collinear moments for spin-orbit coupling', { parameters: { incar: { LSORBIT: true, MAGMOM: [2, 2] } }, structure: IRON }, 'parameters.incar.MAGMOM', /need 6/, /initialMomentsBohr/],
  ['ISPIN = 3', { incar: { ISPIN: 3 } }, 'parameters.incar.ISPIN', /does not know 3/, /1, 2/],
  ['NUPDOWN without spins', { incar: { NUPDOWN: 2 } }, 'parameters.incar.NUPDOWN', /needs ISPIN = 2/, /ISPIN to 2/],
  ['NUPDOWN larger than the electrons', { incar: { ISPIN: 2, NUPDOWN: 20 } }, 'parameters.incar.NUPDOWN', /unpaired/, /at most 8/],
  ['too few bands', { incar: { NBANDS: 3 } }, 'parameters.incar.NBANDS', /cannot hold 8 electrons/, /at least 4/],
  ['too few bands for spinors', { incar: { NBANDS: 6, LNONCOLLINEAR: true } }, 'parameters.incar.NBANDS', /cannot hold/, /at least 8/],
  ['a charge that leaves no electrons', { charge: 8 }, 'parameters.charge', /leaves 0 valence electrons/, /smaller/],
  ['the charge twice', { charge: 1, incar: { NELECT: 7 } }, 'parameters.incar.NELECT', /twice/, /leave one/],
  ['a U without LDAU', { parameters: { incar: { LDAUU: { Fe: 4 }, LDAUL: { Fe: 2 } } }, structure: IRON }, 'parameters.incar.LDAUU', /no effect without LDAU/, /LDAU to true/],
  ['LDAU without a U', { parameters: { incar: { LDAU: true } }, structure: IRON }, 'parameters.incar.LDAU', /needs LDAUL and LDAUU/, /by element/],
  ['U for too many elements', { parameters: { incar: { LDAU: true, LDAUU: [4, 0], LDAUL: [2, -1] } }, structure: IRON }, 'parameters.incar.LDAUL', /2 numbers for 1 elements/, /by element/],
  ['U of an element that is not there', { parameters: { incar: { LDAU: true, LDAUU: { Ni: 4 }, LDAUL: { Fe: 2 } } }, structure: IRON }, 'parameters.incar.LDAUU.Ni', /no Ni/, /Fe/],
  ['a dipole correction without a direction', { incar: { LDIPOL: true } }, 'parameters.incar.LDIPOL', /IDIPOL/, /1, 2, 3 or 4/],
  ['ionic steps in a static calculation', { incar: { NSW: 50 } }, 'parameters.incar.NSW', /static/, /relax/],
  ['IBRION in a static calculation', { incar: { IBRION: 2 } }, 'parameters.incar.IBRION', /no "static"/, /calculation/],
  ['ISIF = 3 in an ionic relaxation', { calculation: 'relax', incar: { ISIF: 3 } }, 'parameters.incar.ISIF', /changes the cell/, /vc-relax/],
  ['ISIF = 2 in a relaxation of the cell', { calculation: 'vc-relax', incar: { ISIF: 2 } }, 'parameters.incar.ISIF', /keeps the cell/, /"relax"/],
  ['a relaxation without steps', { calculation: 'relax', incar: { NSW: 0 } }, 'parameters.incar.NSW', /needs ionic steps/, /100/],
  ['dynamics without a time step', { calculation: 'md', incar: { NSW: 100, TEBEG: 300 } }, 'parameters.incar', /needs POTIM/, /POTIM/],
  ['phonons by IBRION in a relaxation', { calculation: 'relax', incar: { IBRION: 6 } }, 'parameters.incar.IBRION', /no "relax"/, /calculation/],
  ['RMM-DIIS for a hybrid', { functional: 'HSE06', incar: { ALGO: 'Fast' } }, 'parameters.incar.ALGO', /exact exchange/, /Damped/],
  ['a misspelt algorithm', { incar: { ALGO: 'Noraml' } }, 'parameters.incar.ALGO', /does not know/, /Normal/],
  ['a misspelt precision', { incar: { PREC: 'Acurate' } }, 'parameters.incar.PREC', /does not know/, /Accurate/],
  ['GGA beside METAGGA', { incar: { GGA: 'PS', METAGGA: 'SCAN' } }, 'parameters.incar.GGA', /two functionals/, /leave one/],
  ['the functional twice', { functional: 'PBEsol', incar: { GGA: 'PS' } }, 'parameters.incar.GGA', /twice/, /leave one/],
  ['a screening without exact exchange', { incar: { HFSCREEN: 0.2 } }, 'parameters.incar.HFSCREEN', /no effect/, /HSE06/],
  ['more electronic steps at least than at most', { incar: { NELMIN: 80, NELM: 60 } }, 'parameters.incar.NELMIN', /more than NELM/, /fewer/],
  ['KPAR that does not divide the ranks', { parameters: { incar: { KPAR: 3 } }, resources: { ranks: 4 } }, 'parameters.incar.KPAR', /cannot be shared out/, /divisor/],
  ['KPAR above the number of k points', { parameters: { kMesh: [1, 1, 1], incar: { KPAR: 4 } }, resources: { ranks: 4 } }, 'parameters.incar.KPAR', /more than the 1 k points/, /at most 1/],
  ['NCORE that does not divide the ranks', { parameters: { incar: { NCORE: 3 } }, resources: { ranks: 4 } }, 'parameters.incar.NCORE', /does not divide/, /divisor/],
  ['NCORE and NPAR', { parameters: { incar: { NCORE: 2, NPAR: 2 } }, resources: { ranks: 4 } }, 'parameters.incar.NPAR', /twice/, /leave NPAR/],
  ['the gamma build for a mesh', { kMesh: [2, 2, 2], executable: 'gamma' }, 'parameters.executable', /one k point/, /standard/],
  ['spin-orbit coupling with the standard build', { executable: 'standard', incar: { LSORBIT: true } }, 'parameters.executable', /refuses noncollinear/, /noncollinear/],
  ['a build in VASP’s words', { executable: 'vasp_ncl' }, 'parameters.executable', /one of/, /noncollinear/],
  ['a POTCAR that is not there', { pseudopotentials: { Si: 'Si_GW' } }, 'parameters.pseudopotentials.Si', /no POTCAR "Si_GW"/, /potpaw_PBE\.54\/Si/],
  ['an element without a POTCAR', { parameters: {}, structure: cubic(4, [['C', 0, 0, 0]]) }, 'parameters.pseudopotentials.C', /no POTCAR "C"/, /NAME\/POTCAR/],
  ['a release that is not there', { pseudopotentialFamily: 'potpaw_PBE.64' }, 'parameters.pseudopotentials.Si', /potpaw_PBE\.64/, /folder/],
  ['a variant for an element that is not there', { pseudopotentials: { Fe: 'Fe_pv' } }, 'parameters.pseudopotentials.Fe', /no Fe/, /one variant/],
  ['a functional without its POTCARs', { functional: 'LDA' }, 'parameters.pseudopotentials.Si', /for LDA/, /LDA/],
  ['a POTCAR in one’s own files', { parameters: {}, extra: [{ path: 'POTCAR', text: '' }] }, 'extraFiles[0].path', /uses itself/, /another name/],
  ['an INCAR in one’s own files', { parameters: {}, extra: [{ path: 'INCAR', text: '' }] }, 'extraFiles[0].path', /uses itself/, /another name/],
  ['a left-handed lattice', { parameters: {}, structure: LEFT_HANDED }, 'structure.latticeAngstrom', /left-handed/, /swap two/],
  ['a molecule without a box', { parameters: {}, structure: molecule([['Si', 0, 0, 0]]) }, 'parameters.vacuumAngstrom', /without a lattice/, /10 for example/],
  ['a tag with a comment in it', { incar: { ALGO: 'Normal ! safe' } }, 'parameters.incar.ALGO', /without ; # !/, /text/],
  ['a logical as Fortran writes it', { incar: { LWAVE: '.TRUE.' } }, 'parameters.incar.LWAVE', /true or false/, /true or false/],
]

// biome-ignore format: a table
const ORCA: readonly Mistake[] = [
  ['a misspelt method', { method: 'B3LPY' }, 'parameters.method', /no method/, /B3LYP/],
  ['a misspelt basis', { method: 'PBE', basis: 'def2-TVZP' }, 'parameters.basis', /no basis set/, /def2-TZVP/],
  ['a misspelt auxiliary basis', { auxiliaryBasis: 'def2-J' }, 'parameters.auxiliaryBasis', /auxiliary/, /def2\/J/],
  ['an even number of electrons as a doublet', { multiplicity: 2 }, 'parameters.multiplicity', /10 electrons cannot/, /odd multiplicity/],
  ['a radical without its multiplicity', { charge: 1 }, 'parameters.multiplicity', /9 electrons cannot/, /even multiplicity/],
  ['more unpaired electrons than there are', { multiplicity: 13 }, 'parameters.multiplicity', /at most/, /smaller/],
  ['a charge that leaves no electrons', { charge: 10 }, 'parameters.charge', /leaves 0 electrons/, /smaller/],
  ['a fraction of a charge', { charge: 0.5 }, 'parameters.charge', /whole number/, /whole number/],
  ['the multiplicity in words', { multiplicity: 'triplet' }, 'parameters.multiplicity', /whole number/, /whole number/],
  ['a method among the keywords', { keywords: ['B3LYP'] }, 'parameters.keywords[0]', /stand beside/, /parameters\.method/],
  ['a basis among the keywords', { keywords: ['def2-SVP'] }, 'parameters.keywords[0]', /stand beside/, /parameters\.basis/],
  ['the calculation among the keywords', { keywords: ['Opt'] }, 'parameters.keywords[0]', /stand beside/, /parameters\.calculation/],
  ['a dispersion among the keywords', { keywords: ['D3BJ'] }, 'parameters.keywords[0]', /stand beside/, /parameters\.dispersion/],
  ['a threshold among the keywords', { keywords: ['TightSCF'] }, 'parameters.keywords[0]', /stand beside/, /parameters\.scfConvergence/],
  ['a misspelt keyword', { keywords: ['SlwoConv'] }, 'parameters.keywords[0]', /no word that is known/, /SlowConv/],
  ['a whole input line as one keyword', { keywords: ['! B3LYP Opt'] }, 'parameters.keywords', /without blanks/, /list of words/],
  ['keywords that are no list', { keywords: 'UKS' }, 'parameters.keywords', /list of words/, /list of words/],
  ['ranks among the keywords', { keywords: ['PAL8'] }, 'parameters.keywords[0]', /resources\.ranks/, /leave it out/],
  ['ranks in a block', { blocks: { pal: { nprocs: 8 } } }, 'parameters.blocks.pal', /set by the platform/, /leave it out/],
  ['memory in a block', { blocks: { maxcore: ['4000'] } }, 'parameters.blocks.maxcore', /set by the platform/, /leave it out/],
  ['orbitals of another run', { blocks: { moinp: ['"old.gbw"'] } }, 'parameters.blocks.moinp', /recovery/, /leave it out/],
  ['coordinates in a block', { blocks: { coords: ['CTyp xyz'] } }, 'parameters.blocks.coords', /the structure/, /leave it out/],
  ['a misspelt block', { blocks: { tdft: { nroots: 5 } } }, 'parameters.blocks.tdft', /no block %tdft/, /%tddft/],
  ['a block that is a number', { blocks: { scf: 200 } }, 'parameters.blocks', /object of blocks/, /list of lines/],
  ['steps of the SCF in two places', { scfMaxIterations: 200, blocks: { scf: { MaxIter: 300 } } }, 'parameters.blocks.scf.MaxIter', /twice/, /leave one/],
  ['steps of the optimisation in two places', { calculation: 'optimization', optimizationMaxSteps: 80, blocks: { geom: ['MaxIter 90'] } }, 'parameters.blocks.geom.MaxIter', /twice/, /leave one/],
  ['dispersion counted twice', { method: 'wB97X-D3', dispersion: 'D3BJ' }, 'parameters.dispersion', /count it twice/, /leave dispersion/],
  ['dispersion on top of a composite method', { method: 'r2SCAN-3c', dispersion: 'D4' }, 'parameters.dispersion', /count it twice/, /leave dispersion/],
  ['a basis for a composite method', { method: 'B97-3c', basis: 'def2-TZVP' }, 'parameters.basis', /its own basis/, /leave basis/],
  ['a Pople basis for gold', { parameters: { method: 'PBE', basis: '6-31G*' }, structure: GOLD_HYDRIDE }, 'parameters.basis', /no functions for Au/, /heavy/],
  ['def2 for an actinide', { parameters: { method: 'PBE', basis: 'def2-TZVP' }, structure: THORIUM_OXIDE }, 'parameters.basis', /no functions for Th/, /SARC/],
  ['X2C with a core potential', { parameters: { method: 'PBE', basis: 'def2-TZVP', keywords: ['X2C'] }, structure: GOLD_HYDRIDE }, 'parameters.basis', /needs all electrons/, /x2c-TZVPall/],
  ['DKH with a core potential', { parameters: { method: 'PBE', basis: 'LANL2DZ', keywords: ['DKH'] }, structure: GOLD_HYDRIDE }, 'parameters.basis', /core potential on Au/, /DKH/],
  ['an optimisation of one atom', { parameters: { calculation: 'optimization' }, structure: ATOM }, 'parameters.calculation', /one atom alone/, /"energy"/],
  ['frequencies of one atom', { parameters: { calculation: 'frequencies' }, structure: ATOM }, 'parameters.calculation', /one atom alone/, /"energy"/],
  ['a crystal', { parameters: {}, structure: SILICON }, 'structure.latticeAngstrom', /this structure repeats/, /without a lattice/],
  ['an atom that is half fixed', { parameters: {}, structure: { ...WATER, fixed: [[true, false, false], [false, false, false], [false, false, false]] } }, 'structure.fixed[0]', /whole atoms/, /all three/],
  ['no structure', { parameters: {}, structure: null }, 'structure', /needs a structure/, /molecule/],
  ['a calculation in ORCA’s words', { calculation: 'opt' }, 'parameters.calculation', /one of/, /optimization/],
  ['a solvent alone', { solvent: 'water' }, 'parameters.solvent', /"model"/, /CPCM/],
  ['an unknown solvent model', { solvent: { model: 'COSMO', name: 'water' } }, 'parameters.solvent', /"CPCM" or "SMD"/, /CPCM/],
  ['more memory per rank than the job has', { parameters: { maxCoreMebibytes: 4000 }, resources: { ranks: 4, memoryMebibytes: 8000 } }, 'parameters.maxCoreMebibytes', /more than the 8000 MiB/, /at most 1500/],
  ['memory in GB', { maxCoreMebibytes: 4 }, 'parameters.maxCoreMebibytes', /at least 64/, /at least 64/],
  ['a file in the place of ours', { parameters: {}, extra: [{ path: 'orca.gbw', text: '' }] }, 'extraFiles[0].path', /uses itself/, /another name/],
  ['a convergence in ORCA’s words', { scfConvergence: 'TightSCF' }, 'parameters.scfConvergence', /one of/, /Tight/],
]

// biome-ignore format: a table
const WANNIER90: readonly Mistake[] = [
  ['no number of functions', { bare: true, parameters: { kMesh: [2, 2, 2] }, structure: SILICON, extra: OVERLAPS }, 'parameters.wannierFunctionCount', /missing/, /wannierFunctionCount/],
  ['no mesh', { bare: true, parameters: { wannierFunctionCount: 4 }, structure: SILICON, extra: OVERLAPS }, 'parameters.kMesh', /missing/, /kMesh/],
  ['fewer bands than functions', { bandCount: 3 }, 'parameters.bandCount', /cannot make 4/, /at least 4/],
  ['no overlaps', { parameters: {}, extra: [] }, 'parameters.calculation', /mmn/, /pw2wannier90/],
  ['disentanglement without energies', { parameters: { bandCount: 8 }, extra: OVERLAPS.slice(0, 2) }, 'parameters.calculation', /eig is missing/, /extraFiles/],
  ['a frozen window outside the outer one', { bandCount: 8, win: { dis_win_max: 10, dis_froz_max: 12 } }, 'parameters.win.dis_froz_max', /above dis_win_max/, /inside the outer/],
  ['an outer window upside down', { bandCount: 8, win: { dis_win_min: 10, dis_win_max: 5 } }, 'parameters.win.dis_win_min', /above dis_win_max/, /window/],
  ['num_wann in win', { win: { num_wann: 4 } }, 'parameters.win.num_wann', /set by the platform/, /leave it out/],
  ['a keyword outside win', { num_iter: 200 }, 'parameters.num_iter', /no parameter/, /parameters\.win/],
  ['a misspelt keyword', { win: { num_itr: 200 } }, 'parameters.win.num_itr', /no keyword/, /num_iter/],
  ['a number in quotes', { win: { num_iter: '200' } }, 'parameters.win.num_iter', /whole number/, /without quotes/],
  ['projections of an element that is not there', { projections: ['Ge:sp3'] }, 'parameters.projections[0]', /no Ge/, /Si/],
  ['projections that make too many functions', { projections: ['Si:sp3'] }, 'parameters.wannierFunctionCount', /make 8 functions, not 4/, /write 8/],
  ['a projection without an orbital', { projections: ['Si'] }, 'parameters.projections[0]', /no projection/, /Si:sp3/],
  ['a block among the projections', { projections: ['begin projections'] }, 'parameters.projections', /list of lines/, /list of lines/],
  ['a path without labels', { kPath: [[[0, 0, 0], [0.5, 0, 0]]] }, 'parameters.kPath', /"label"/, /"label"/],
  ['a molecule', { parameters: {}, structure: WATER }, 'structure', /with a lattice/, /crystal/],
  ['an unknown calculation', { calculation: 'wannierize' }, 'parameters.calculation', /one of/, /wannierise/],
  ['a file in the place of ours', { parameters: {}, extra: [...OVERLAPS, { path: 'wannier90.win', text: '' }] }, 'extraFiles[3].path', /uses itself/, /another name/],
]

// biome-ignore format: a table
const SCRIPT: readonly Mistake[] = [
  ['no script', {}, 'parameters.script', /needs a script/, /shell script/],
  ['an empty script', { script: '  ' }, 'parameters.script', /text of a POSIX shell script/, /script/],
  ['a script as a list', { script: ['echo 1'] }, 'parameters.script', /text of a POSIX shell script/, /script/],
  ['a misspelt parameter', { script: 'true', keeep: ['a'] }, 'parameters.keeep', /no parameter/, /keep/],
  ['outputs above the folder', { script: 'true', keep: ['../x'] }, 'parameters.keep', /inside the job/, /patterns/],
  ['outputs by an absolute path', { script: 'true', keep: ['/tmp/x'] }, 'parameters.keep', /inside the job/, /patterns/],
  ['outputs as one text', { script: 'true', keep: '*.dat' }, 'parameters.keep', /list of at most/, /patterns/],
  ['a file in the place of the script', { parameters: { script: 'true' }, extra: [{ path: 'script.sh', text: '' }] }, 'extraFiles[0].path', /uses itself/, /another name/],
]

// biome-ignore format: a table
const CRYSTAL: readonly Mistake[] = [
  ['no basis set', { bare: true, parameters: {}, structure: MGO }, 'parameters.basis', /no default/, /STO-3G/],
  ['a misspelt library set', { basis: 'POB-TVZP' }, 'parameters.basis', /library/, /POB-TZVP/],
  ['a basis set for one of two elements', { basis: { Mg: MG } }, 'parameters.basis.O', /no basis set for O/, /12 3/],
  ['a basis set too many', { basis: { Mg: MG, O, Ni: '28 0' } }, 'parameters.basis.Ni', /no Ni/, /Mg, O/],
  ['the basis set of another element', { basis: { Mg: MG, O: MG } }, 'parameters.basis.O', /12 is Mg, not O/, /correct/],
  ['a shell too few', { basis: { Mg: MG.replace('12 3', '12 4'), O } }, 'parameters.basis.Mg', /shell 4 of 4/, /correct/],
  ['a shell too many', { basis: { Mg: MG.replace('12 3', '12 2'), O } }, 'parameters.basis.Mg', /after 2 shells/, /correct/],
  ['shells that hold too few electrons', { basis: { Mg: MG, O: O.replace('6. 0.', '4. 0.') } }, 'parameters.basis.O', /6 electrons.*charge of 8/, /correct/],
  ['an unknown functional', { functional: 'PBE1PBE' }, 'parameters.functional', /one of/, /PBE0/],
  ['a fifth tolerance below the fourth', { integralTolerances: [7, 7, 7, 14, 7] }, 'parameters.integralTolerances', /not below the fourth/, /five/],
  ['four tolerances', { integralTolerances: [7, 7, 7, 14] }, 'parameters.integralTolerances', /five whole numbers/, /five/],
  ['an energy tolerance as a number', { energyToleranceDigits: 1e-7 }, 'parameters.energyToleranceDigits', /whole number/, /whole number/],
  ['SHRINK among the keywords', { keywords: ['SHRINK', '8 8'] }, 'parameters.keywords[0]', /from kMesh/, /leave it out/],
  ['a misspelt keyword', { keywords: ['SCFDRI'] }, 'parameters.keywords[0]', /no keyword/, /SCFDIR/],
  ['a mixing above one hundred', { mixingPercent: 130 }, 'parameters.mixingPercent', /at most 99/, /at most 99/],
  ['unpaired electrons without spins', { unpairedElectrons: 2 }, 'parameters.unpairedElectrons', /need spins/, /spin to true/],
  ['an odd number of unpaired electrons of an even number', { spin: true, unpairedElectrons: 3 }, 'parameters.unpairedElectrons', /20 electrons/, /even/],
  ['an odd number of electrons, all paired', { parameters: { basis: 'STO-3G' }, structure: cubic(4, [['Na', 0, 0, 0]]) }, 'parameters.spin', /11 electrons cannot all be paired/, /spin to true/],
  ['moments and no spins', { parameters: { spin: false }, structure: { ...MGO, initialMomentsBohr: [1, 0] } }, 'parameters.spin', /contradicts/, /leave spin/],
  ['D3 for a functional without it', { functional: 'HISS', dispersion: 'D3' }, 'parameters.dispersion', /no parameters for HISS/, /PBE/],
  ['a mesh for a molecule', { parameters: { basis: 'STO-3G', kMesh: [2, 2, 2] }, structure: WATER }, 'parameters.kMesh', /no k points/, /leave kMesh/],
  ['a cell to relax of a molecule', { parameters: { basis: 'STO-3G', calculation: 'vc-relax' }, structure: WATER }, 'parameters.calculation', /no cell/, /"relax"/],
  ['a slab in another plane', { parameters: {}, structure: { ...MGO, periodic: [true, false, true] } }, 'structure.periodic', /first lattice vectors/, /last/],
  ['atoms held while the cell changes', { parameters: { calculation: 'vc-relax' }, structure: { ...MGO, fixed: [[true, true, true], [false, false, false]] } }, 'structure.fixed', /while the cell changes/, /"relax"/],
  ['a file in the place of ours', { parameters: {}, extra: [{ path: 'fort.34', text: '' }] }, 'extraFiles[0].path', /uses itself/, /another name/],
]

// biome-ignore format: a table
const YAMBO: readonly Mistake[] = [
  ['no number of bands', { bare: true, parameters: { calculation: 'setup' }, structure: SILICON, files: UPF }, 'parameters.bandCount', /missing/, /bandCount/],
  ['no states to correct', { quasiparticles: undefined }, 'parameters.quasiparticles', /missing/, /quasiparticles/],
  ['an ultrasoft pseudopotential', { parameters: { pw: { cutoffRydberg: 50, kMesh: [2, 2, 2] }, bandCount: 40 }, structure: IRON }, 'parameters.pw.pseudopotentials.Fe', /norm-conserving/, /PseudoDojo/],
  ['states above the bands', { quasiparticles: [{ kPoints: [1, 1], bands: [4, 50] }] }, 'parameters.quasiparticles[0].bands', /above the 20/, /bandCount/],
  ['screening over more bands than there are', { screeningBandCount: 100 }, 'parameters.screeningBandCount', /above the 20/, /bandCount/],
  ['bands upside down', { quasiparticles: [{ kPoints: [1, 1], bands: [5, 4] }] }, 'parameters.quasiparticles', /list of/, /kPoints/],
  ['an excitonic problem without transitions', { calculation: 'bse' }, 'parameters.transitionBands', /missing/, /transitionBands/],
  ['an empty range of energies', { calculation: 'bse', transitionBands: [3, 6], energyRangeEv: [5, 5] }, 'parameters.energyRangeEv', /empty/, /\[0, 10\]/],
  ['fewer bands than electrons need', { bandCount: 3, quasiparticles: [{ kPoints: [1, 1], bands: [1, 2] }] }, 'parameters.bandCount', /cannot hold 8 electrons/, /at least 4/],
  ['steps of pw.x of one’s own', { pw: { cutoffRydberg: 40, steps: [] } }, 'parameters.pw.steps', /not free/, /leave it out/],
  ['a misspelt keyword of pw.x', { pw: { cutoffRydberg: 40, sytem: {} } }, 'parameters.pw.sytem', /no parameter/, /system/],
  ['a file in the place of ours', { parameters: {}, extra: [{ path: 'yambo.in', text: '' }] }, 'extraFiles[0].path', /uses itself/, /another name/],
]

const TABLES: readonly (readonly [Code, readonly Mistake[]])[] = [
  ['quantum-espresso', QE],
  ['vasp', VASP],
  ['orca', ORCA],
  ['wannier90', WANNIER90],
  ['crystal', CRYSTAL],
  ['yambo', YAMBO],
  ['script', SCRIPT],
]

it('there are at least 200 mistakes, each told once', () => {
  const all = TABLES.flatMap(([code, mistakes]) => mistakes.map(([mistake]) => `${code}: ${mistake}`))
  expect(all.length).toBeGreaterThanOrEqual(200)
  expect(new Set(all).size).toBe(all.length)
})

describe.each(TABLES)('%s refuses', (code, mistakes) => {
  it.each(mistakes)('%s', (_, asked, path, message, mend) => {
    const answer = prepared(code, asked)
    const problems = answer.ok ? [] : answer.problems
    expect(problems.map((problem) => problem.path)).toContain(path)
    const told = problems.filter((problem) => problem.path === path)
    expect(told.map((problem) => problem.message).join('\n')).toMatch(message)
    expect(told.map((problem) => problem.mend ?? '').join('\n')).toMatch(mend)
  })
})

type Healthy = readonly [what: string, asked: Case['parameters'] | Case]

const NICKEL_MOMENTS = { ...IRON_OXIDE, initialMomentsBohr: [4, 0, -4, 0] }
const FIXED = {
  ...SILICON,
  fixed: [
    [true, true, true],
    [false, false, false],
  ] as [boolean, boolean, boolean][],
}
const METHYL = molecule([
  ['C', 0, 0, 0],
  ['H', 1.079, 0, 0],
  ['H', -0.5395, 0.9344, 0],
  ['H', -0.5395, -0.9344, 0],
])

// biome-ignore format: a table
/** Unusual, and right: none of the rules above may catch these. */
const HEALTHY: readonly (readonly [Code, readonly Healthy[]])[] = [
  [
    'quantum-espresso',
    [
      ['nothing said', {}],
      ['the cut-off in its namelist', { system: { ecutwfc: 40 } }],
      ['keywords in capitals', { system: { ECUTWFC: 40, ecutRHO: 320 } }],
      ['a shifted mesh', { kMesh: [4, 4, 4], kShift: [1, 1, 1] }],
      ['a list of points with weights', { kPoints: [[0, 0, 0, 1], [0.5, 0, 0, 3]] }],
      ['bands along a path', { calculation: 'bands', kPoints: [[0, 0, 0], [0.5, 0, 0.5]], system: { nbnd: 12 } }],
      ['tetrahedra', { system: { occupations: 'tetrahedra' }, kMesh: [4, 4, 4] }],
      ['fixed occupations', { smearing: null }],
      ['an antiferromagnet by moments', { parameters: { pseudopotentials: { Fe: 'Fe.UPF' } }, structure: NICKEL_MOMENTS }],
      ['a triplet in fixed orbitals', { smearing: null, system: { nspin: 2, tot_magnetization: 2 } }],
      ['a charged cell of an odd number', { system: { tot_charge: -1 } }],
      ['a Hubbard U by card', { parameters: { cards: ['HUBBARD (ortho-atomic)\nU Fe-3d 4.0'] }, structure: IRON }],
      ['a pressed cell', { calculation: 'vc-relax', cell: { press: 100, cell_dofree: 'z' } }],
      ['dynamics', { calculation: 'md', control: { dt: 20, nstep: 100 }, ions: { ion_temperature: 'rescaling', tempw: 300 } }],
      ['an atom held', { parameters: { calculation: 'relax' }, structure: FIXED }],
      ['a molecule in a box', { parameters: { vacuumAngstrom: 8 }, structure: molecule([['Si', 0, 0, 0]]) }],
      ['pools', { parameters: { pools: 4, kMesh: [4, 4, 4] }, resources: { ranks: 8 } }],
      ['phonons after a density', { steps: [{ program: 'pw' }, { program: 'ph', qPoint: [0, 0, 0] }] }],
      ['a density of states', { steps: [{ program: 'pw' }, { program: 'pw', calculation: 'nscf', kMesh: [6, 6, 6] }, { program: 'dos' }] }],
      ['a cut-off a little below the suggestion', { cutoffRydberg: 25 }],
    ],
  ],
  [
    'vasp',
    [
      ['nothing said', {}],
      ['tags in small letters', { incar: { encut: 500 } }],
      ['a relaxation of the cell', { calculation: 'vc-relax', incar: { ISIF: 3, NSW: 200 } }],
      ['dynamics', { calculation: 'md', incar: { NSW: 100, POTIM: 1, TEBEG: 300 } }],
      ['a hybrid', { functional: 'HSE06' }],
      ['a hybrid by Normal', { functional: 'HSE06', incar: { ALGO: 'Normal' } }],
      ['tetrahedra on a mesh', { kMesh: [4, 4, 4], smearing: { kind: 'tetrahedron' } }],
      ['U by element', { parameters: { incar: { LDAU: true, LDAUU: { Fe: 4 }, LDAUL: { Fe: 2 }, LDAUTYPE: 2 } }, structure: IRON_OXIDE }],
      ['an antiferromagnet by moments', { parameters: {}, structure: NICKEL_MOMENTS }],
      ['spin-orbit coupling', { parameters: { incar: { LSORBIT: true, MAGMOM: [0, 0, 2, 0, 0, 2] } }, structure: IRON }],
      ['a fixed moment', { incar: { ISPIN: 2, NUPDOWN: 2 } }],
      ['a dipole correction', { incar: { LDIPOL: true, IDIPOL: 3 } }],
      ['groups of k points and cores', { parameters: { kMesh: [4, 4, 4], incar: { KPAR: 2, NCORE: 4 } }, resources: { ranks: 8 } }],
      ['the gamma build', { kMesh: [1, 1, 1], executable: 'gamma' }],
      ['a tag newer than the table', { incar: { LNEWTAG: true }, allowUnknown: ['LNEWTAG'] }],
      ['a charge', { charge: 1 }],
    ],
  ],
  [
    'orca',
    [
      ['nothing said', {}],
      ['a radical', { parameters: { multiplicity: 2 }, structure: METHYL }],
      ['an unrestricted triplet', { multiplicity: 3, keywords: ['UKS'] }],
      ['words of the SCF', { keywords: ['SlowConv', 'RIJCOSX', 'def2/J', 'DefGrid3'] }],
      ['a dispersion of one’s own', { method: 'PBE', basis: 'def2-SVP', dispersion: 'D3BJ' }],
      ['a composite method', { method: 'r2SCAN-3c' }],
      ['an all-electron basis with X2C', { parameters: { method: 'PBE', basis: 'x2c-TZVPall', keywords: ['X2C'] }, structure: GOLD_HYDRIDE }],
      ['a core potential on gold', { parameters: { method: 'PBE', basis: 'def2-TZVP' }, structure: GOLD_HYDRIDE }],
      ['a basis in a block', { parameters: { method: 'PBE', basis: 'def2-TZVP', blocks: { basis: ['NewGTO Th "SARC-DKH-TZVP" end'] } }, structure: THORIUM_OXIDE }],
      ['excited states', { blocks: { tddft: { NRoots: 5 } } }],
      ['a solvent', { solvent: { model: 'SMD', name: 'water' } }],
      ['relativity of light atoms', { method: 'PBE', basis: 'DKH-def2-TZVP', keywords: ['DKH'] }],
    ],
  ],
  [
    'wannier90',
    [
      ['nothing more said', {}],
      ['projections that fill the space', { projections: ['f=0.125,0.125,0.125:sp3'] }],
      ['projections and random ones', { projections: ['f=0,0,0:s', 'random'] }],
      ['entangled bands', { bandCount: 8, win: { dis_win_max: 17, dis_froz_max: 6.4 } }],
      ['eight functions', { wannierFunctionCount: 8, projections: ['Si:sp3'] }],
      ['single orbitals', { projections: ['Si:l=1,mr=1,2'] }],
    ],
  ],
  [
    'crystal',
    [
      ['nothing more said', {}],
      ['a set of the library', { basis: 'pob-tzvp-rev2' }],
      ['Hartree-Fock', { functional: 'HF' }],
      ['a molecule', { parameters: { basis: 'STO-3G', calculation: 'frequencies' }, structure: WATER }],
      ['a slab', { parameters: { kMesh: [4, 4, 1] }, structure: LAYER }],
      ['a radical', { parameters: { basis: 'STO-3G', spin: true, unpairedElectrons: 1 }, structure: METHYL }],
      ['numbers after a keyword', { keywords: ['EXCHSIZE', '30000000', 'PPAN'] }],
    ],
  ],
  [
    'yambo',
    [
      ['quasiparticles', {}],
      ['a setup', { calculation: 'setup' }],
      ['exact exchange', { calculation: 'hf' }],
      ['excitons', { calculation: 'bse', transitionBands: [3, 6], scissorEv: 1.44 }],
    ],
  ],
  [
    'script',
    [
      ['a line', { script: 'true' }],
      ['outputs below a folder', { script: 'make', keep: ['results/*.json', '*.dat'] }],
    ],
  ],
]

describe('healthy inputs', () => {
  it('there are at least 50', () => expect(HEALTHY.flatMap(([, cases]) => cases).length).toBeGreaterThanOrEqual(50))

  const all = HEALTHY.flatMap(([code, cases]) => cases.map(([what, asked]) => [code, what, asked] as const))
  it.each(all)('%s: %s is taken', (code, _, asked) => {
    const answer = prepared(code, asked)
    expect(answer.ok ? [] : answer.problems).toEqual([])
  })
})
