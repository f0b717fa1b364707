import { EV_PER_HARTREE, EV_PER_PER_CM, type Properties } from '@crystalmath/contract/plain'
import { scaled, toNumber } from '../../reading/numbers.ts'
import { line, type Rule, rows, rule, type Section } from '../../reading/scanner.ts'
import type { Context } from './context.ts'

const ATMOSPHERE_PA = 101_325
const FREQUENCY = /^ *\d+: +(-?\d+\.\d+) cm\*\*-1/
const INFRARED_5 = /^ *\d+: +-?\d+\.\d+ +\S+ +(-?\d+\.\d+) +\S+ +\(/
const INFRARED_4 = /^ *\d+: +-?\d+\.\d+ +(-?\d+\.\d+) +\(/
const SHIELDING = /^ *(\d+) +[A-Z][A-Za-z]? +(-?\d+\.\d+) +-?\d+\.\d+ *$/
const ABSORPTION_5 = /^ *\d+ +(\d+\.\d+) +\d+\.\d+ +(\d+\.\d+) +\d/
const ABSORPTION_6 = /^ *\S+ +-> +\S+ +\d+\.\d+ +(\d+\.\d+) +\d+\.\d+ +(\d+\.\d+) +/
const TRANSITION_GAP = 5

type Thermo = NonNullable<Properties['thermochemistry']>[number]

/** Frequencies, thermochemistry, spectra, shieldings. */
export const propertyRules = (context: Context): Rule[] => {
  const thermo = (change: Partial<Thermo>) => {
    const all = context.run.current.properties.thermochemistry ?? []
    const last = all.at(-1)
    if (last !== undefined) context.run.current.properties.thermochemistry = [...all.slice(0, -1), { ...last, ...change }]
  }
  const hartree = (text: string | undefined) => scaled(toNumber(text), EV_PER_HARTREE)
  return [
    rule(/^VIBRATIONAL FREQUENCIES/, () => {
      const found: number[] = []
      const { properties } = context.run.current
      const row = (text: string): boolean => {
        const [, frequency] = FREQUENCY.exec(text) ?? []
        if (frequency === undefined) return false
        const value = Number(frequency)
        if (value !== 0) found.push(value) // translations and rotations are printed as 0.00
        return true
      }
      return rows(row, 8, () => Object.assign(properties, { vibrationalFrequenciesPerCm: found }))
    }),
    rule(/^IR SPECTRUM/, () => {
      const found: number[] = []
      const { properties } = context.run.current
      const row = (text: string): boolean => {
        const [, intensity] = INFRARED_5.exec(text) ?? INFRARED_4.exec(text) ?? []
        if (intensity === undefined) return false
        found.push(Number(intensity))
        return true
      }
      return rows(row, 8, () => Object.assign(properties, { infraredIntensitiesKmPerMol: found }))
    }),
    line(/^Temperature +\.\.\. +(\S+) K/, ({ captures: [kelvin] }) => {
      const temperatureK = toNumber(kelvin)
      if (temperatureK === null) return
      const all = context.run.current.properties.thermochemistry ?? []
      context.run.current.properties.thermochemistry = [
        ...all.filter((one) => one.temperatureK !== temperatureK),
        { temperatureK, zeroPointEnergyEv: null },
      ]
    }),
    line(/^Pressure +\.\.\. +(\S+) atm/, ({ captures: [pressure] }) =>
      thermo({ pressurePa: scaled(toNumber(pressure), ATMOSPHERE_PA) }),
    ),
    line(/^Zero point energy +\.\.\. +(\S+) Eh/, ({ captures: [energy] }) => {
      thermo({ zeroPointEnergyEv: hartree(energy) })
      context.run.current.properties.zeroPointEnergyEv = hartree(energy)
    }),
    line(/^Total thermal correction +(?:\.\.\. +)?(\S+) Eh/, ({ captures: [energy] }) =>
      thermo({ thermalCorrectionEv: hartree(energy) }),
    ),
    line(/^Total [Ee]nthalpy +\.\.\. +(\S+) Eh/, ({ captures: [energy] }) => thermo({ enthalpyEv: hartree(energy) })),
    line(/^Final entropy term +\.\.\. +(\S+) Eh/, ({ captures: [energy] }) =>
      thermo({ entropyTimesTemperatureEv: hartree(energy) }),
    ),
    line(/^Final Gibbs free (?:energy|enthalpy) +\.\.\. +(\S+) Eh/, ({ captures: [energy] }) =>
      thermo({ gibbsEnergyEv: hartree(energy) }),
    ),
    rule(/^CHEMICAL SHIELDING SUMMARY/, () => shieldings(context)),
    line(/^STATE +\d+: +E= +\S+ au +(\S+) eV +(\S+) cm\*\*-1(?: +<S\*\*2> += +(\S+))?/, ({ captures: [ev, perCm, spin] }) => {
      const energyEv = scaled(toNumber(perCm), EV_PER_PER_CM) ?? toNumber(ev)
      if (energyEv !== null) context.run.current.excitations.push({ energyEv, multiplicity: multiplicityOf(toNumber(spin)) })
    }),
    rule(/^ABSORPTION SPECTRUM VIA TRANSITION ELECTRIC DIPOLE MOMENTS/, () => absorption(context)),
    line(/^Isotropic polarizability +: +(\S+)/, ({ captures: [value] }) => {
      context.run.current.properties['isotropicPolarizabilityBohr3'] = toNumber(value)
    }),
  ]
}

function shieldings({ run }: Context): Section {
  const { properties } = run.current
  const found: (number | null)[] = []
  const row = (text: string): boolean => {
    const [, atom, isotropic] = SHIELDING.exec(text) ?? []
    if (atom === undefined) return false
    while (found.length < Number(atom) && found.length < 100_000) found.push(null)
    found.push(Number(isotropic))
    return true
  }
  return rows(row, 8, () => Object.assign(properties, { nmrShieldingsPpm: found }))
}

/** Singlet, triplet … by <S**2>; null between them. */
function multiplicityOf(spinSquared: number | null): string | null {
  if (spinSquared === null) return null
  const multiplicity = Math.sqrt(1 + 4 * spinSquared)
  return Math.abs(multiplicity - Math.round(multiplicity)) < 1e-3 ? String(Math.round(multiplicity)) : null
}

/** Oscillator strengths go to the excitations of the same energy, else make a list of their own; of several tables (right, left, both) the last one's stand. */
function absorption({ run }: Context): Section {
  const before = new Set(run.current.excitations)
  return rows((text) => {
    if (/spin forbidden/.test(text)) return true
    const [, perCm, strength] = ABSORPTION_6.exec(text) ?? ABSORPTION_5.exec(text) ?? []
    if (perCm === undefined) return false
    const energyEv = Number(perCm) * EV_PER_PER_CM
    const oscillatorStrength = toNumber(strength)
    const all = run.current.excitations
    const known = all.find((one) => before.has(one) && Math.abs(one.energyEv - energyEv) < 0.2 * EV_PER_PER_CM)
    if (known === undefined) all.push({ energyEv, oscillatorStrength })
    else {
      known.oscillatorStrength = oscillatorStrength
      before.delete(known) // levels may be degenerate: each row has its own
    }
    return true
  }, TRANSITION_GAP)
}
