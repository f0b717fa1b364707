import { EV_PER_HARTREE } from '@crystalmath/contract'
import { describe, expect, it } from 'vitest'
import { readText } from '../../reading/read-text.ts'
import { orcaReads } from '../reads.ts'

const HEAD = `                                 * O   R   C   A *
                         Program Version 5.0.4 -  RELEASE  -
CARTESIAN COORDINATES (ANGSTROEM)
---------------------------------
  H      0.000000    0.000000    0.000000
  F      0.000000    0.000000    0.950000

               *           SCF CONVERGED AFTER   9 CYCLES          *
`
const TAIL = '                             ****ORCA TERMINATED NORMALLY****\n'
const ENERGY = 'FINAL SINGLE POINT ENERGY       -99.100000000000\n'
const read = (section: string) => readText(orcaReads, `${HEAD}${ENERGY}${section}\n${TAIL}`, 'hf.out')

describe('charges and spins by scheme', () => {
  it.each([
    [
      'loewdin',
      'LOEWDIN ATOMIC CHARGES AND SPIN POPULATIONS\n--------------------------------------------\n   0 H :    0.400000    0.100000\n   1 F :   -0.400000    0.900000\n',
    ],
    [
      'hirshfeld',
      'HIRSHFELD ANALYSIS\n------------------\n\nTotal integrated alpha density =      4.999999940\nTotal integrated beta density  =      4.999999940\n\n  ATOM     CHARGE      SPIN\n   0 H    0.400000    0.100000\n   1 F   -0.400000    0.900000\n\n  TOTAL   0.000000    1.000000\n',
    ],
    [
      'natural',
      ' Summary of Natural Population Analysis:\n\n                                     Natural Population                 Natural\n             Natural    ---------------------------------------------    Spin\n  Atom No    Charge        Core      Valence    Rydberg      Total      Density\n --------------------------------------------------------------------------------\n    H  1    0.40000      0.00000     0.60000    0.00000     0.60000     0.10000\n    F  2   -0.40000      2.00000     7.40000    0.00000     9.40000     0.90000\n ================================================================================\n',
    ],
  ])('reads %s', (scheme, text) => {
    expect(read(text).sites[scheme]).toEqual({ charges: [0.4, -0.4], spins: [0.1, 0.9] })
  })

  it('reads charges that fit the potential, without spins', () => {
    const text =
      'CHELPG Charges\n--------------------------------\n  0   H   :       0.410000\n  1   F   :      -0.410000\n--------------------------------\n'
    expect(read(text).sites['chelpg']).toEqual({ charges: [0.41, -0.41] })
  })

  it('tells nothing of a table that lacks an atom or has stars in it', () => {
    expect(read('MULLIKEN ATOMIC CHARGES\n-----------------------\n   0 H :    0.400000\nSum\n').sites).toEqual({})
    expect(
      read('MULLIKEN ATOMIC CHARGES\n-----------------------\n   0 H :    0.400000\n   1 F :   ********\nSum\n').sites,
    ).toEqual({})
  })
})

describe('frequencies and thermochemistry', () => {
  const text = `VIBRATIONAL FREQUENCIES
-----------------------

Scaling factor for frequencies =  1.000000000  (already applied!)

     0:       0.00 cm**-1
     1:       0.00 cm**-1
     5:    -120.50 cm**-1 ***imaginary mode***
     6:    4000.25 cm**-1

IR SPECTRUM
-----------

 Mode   freq       eps      Int      T**2         TX        TY        TZ
       cm**-1   L/(mol*cm) km/mol    a.u.
----------------------------------------------------------------------------
  5:   -120.50   0.000004    0.50  0.000031  (-0.000007  0.000005 -0.005552)
  6:   4000.25   0.000004   98.75  0.000031  (-0.000007  0.000005 -0.005552)

Temperature         ...   298.15 K
Pressure            ...     1.00 atm
Zero point energy                ...      0.01000000 Eh       6.28 kcal/mol
Total thermal correction                  0.00200000 Eh       1.26 kcal/mol
Total Enthalpy                    ...    -99.08700000 Eh
Final entropy term                ...      0.02000000 Eh     12.55 kcal/mol
Final Gibbs free energy         ...    -99.10700000 Eh
Temperature         ...   500.00 K
Zero point energy                ...      0.01000000 Eh       6.28 kcal/mol
`

  it('leave translations and rotations out', () => {
    expect(read(text).properties).toMatchObject({
      vibrationalFrequenciesPerCm: [-120.5, 4000.25],
      infraredIntensitiesKmPerMol: [0.5, 98.75],
    })
  })

  it('keep each temperature apart', () => {
    const [room, hot] = read(text).properties.thermochemistry ?? []
    expect(room).toMatchObject({ temperatureK: 298.15, pressurePa: 101_325 })
    expect(room?.gibbsEnergyEv).toBeCloseTo(-99.107 * EV_PER_HARTREE, 9)
    expect(room?.entropyTimesTemperatureEv).toBeCloseTo(0.02 * EV_PER_HARTREE, 9)
    expect(hot?.temperatureK).toBe(500)
    expect(read(text).properties.zeroPointEnergyEv).toBeCloseTo(0.01 * EV_PER_HARTREE, 9)
  })

  it('are of the geometry that they follow', () => {
    const moved = HEAD.slice(HEAD.indexOf('CARTESIAN')).replace('0.950000', '0.980000')
    expect(read(`${text}\n${moved}${ENERGY}`).properties.vibrationalFrequenciesPerCm).toBeUndefined()
  })
})

describe('other properties', () => {
  it('reads shieldings by atom, null where one was not asked for', () => {
    const text =
      'CHEMICAL SHIELDING SUMMARY (ppm)\n--------------------------------\n\n\n  Nucleus  Element    Isotropic     Anisotropy\n  -------  -------  ------------   ------------\n      1       F         411.500         103.200\n\n'
    expect(read(text).properties.nmrShieldingsPpm).toEqual([null, 411.5])
  })

  it('gives excitations their strengths, in the layouts of ORCA 5 and 6', () => {
    const state = 'STATE  1:  E=   0.200000 au      5.442 eV    43894.9 cm**-1 <S**2> =   0.000000\n'
    const head =
      '         ABSORPTION SPECTRUM VIA TRANSITION ELECTRIC DIPOLE MOMENTS\n-----\nState   Energy\n        (cm-1)\n-----\n'
    const strength = (row: string) => read(`${state}${head}${row}\n`).properties.excitations?.[0]?.oscillatorStrength
    expect(strength('   1   43894.9    227.8   0.105267213   0.04017  -0.16816  -0.10906   0.00000')).toBe(0.105267213)
    expect(strength('  0-1A  ->  1-1A    5.442217   43894.9   227.8   0.105267213   0.04017  -0.16816  -0.10906   0.00000')).toBe(
      0.105267213,
    )
  })

  it('takes the lowest root where the final energy is an average', () => {
    const text = `${HEAD.replace(/ +\* +SCF.*\n/, '')}                     ---- THE CAS-SCF GRADIENT HAS CONVERGED ----\nLOWEST ROOT (ROOT 0 ,MULT 1) =    -99.300000000 Eh -2702.090 eV\nNEVPT2 TOTAL ENERGIES\nLOWEST ROOT (ROOT 0, MULT 1) =    -99.500000000 Eh -2707.532 eV\nFINAL SINGLE POINT ENERGY       -99.400000000000\n${TAIL}`
    expect(readText(orcaReads, text, 'cas.out')).toMatchObject({
      energyEv: -99.5 * EV_PER_HARTREE,
      energyMethod: 'NEVPT2',
      electronicConverged: true,
    })
  })

  const equationOfMotion = (final: string, moments = '') => `${HEAD}Correlation treatment                      ...      CCSD
Total Energy       :          -98.90000000 Eh           -2691.20608 eV
E(TOT)                                     ...    -99.300000000
EOM-CCSD RESULTS (RHS)
----------------------

IROOT=  1:  0.200000 au     5.442 eV   43894.9 cm**-1
IROOT=  2:  0.300000 au     8.163 eV   65842.4 cm**-1
${moments}
FINAL SINGLE POINT ENERGY      ${final}
${TAIL}`

  it('tells the root from the ground state where the final energy silently includes it', () => {
    expect(readText(orcaReads, equationOfMotion('-99.000000400000'), 'eom.out')).toMatchObject({
      energyEv: -99.3 * EV_PER_HARTREE,
      excitedStateEnergyEv: -99.0000004 * EV_PER_HARTREE,
      energyMethod: 'CCSD',
    })
    expect(readText(orcaReads, equationOfMotion('-99.300000000000'), 'eom.out')).toMatchObject({
      energyEv: -99.3 * EV_PER_HARTREE,
      excitedStateEnergyEv: null,
    })
  })

  it('keeps the strengths of the last of several tables, each excitation once', () => {
    const head = 'ABSORPTION SPECTRUM VIA TRANSITION ELECTRIC DIPOLE MOMENTS\n-----\n Transition\n  (eV)\n-----\n'
    const table = (first: string, second: string) =>
      `${head}  0-1A  ->  1-1A    5.442217   43894.9   227.8   ${first}   0.04017  -0.16816  -0.10906   0.00000\n  0-1A  ->  2-1A    5.442217   43894.9   227.8   ${second}   0.04017  -0.16816  -0.10906   0.00000\n\n`
    const text = equationOfMotion('-99.100000000000', `${table('0.1', '0.2')}${table('0.3', '0.4')}`)
    expect(
      readText(orcaReads, text, 'eom.out').properties.excitations?.map(({ oscillatorStrength }) => oscillatorStrength),
    ).toEqual([0.3, 0.4])
  })
})
