import { toNumber } from '../../reading/numbers.ts'

/** `Fe1`, `O_h`, `si-up` to the element symbol; null where the label begins with none. */
export function elementOf(label: string): string | null {
  const [, first = '', second = ''] = /^\s*([A-Za-z])([a-z]?)/.exec(label) ?? []
  if (first === '') return null
  const two = first.toUpperCase() + second
  return ELEMENTS.has(two) ? two : ELEMENTS.has(first.toUpperCase()) ? first.toUpperCase() : null
}

const ELEMENTS = new Set(
  (
    'H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr Rb Sr Y Zr Nb Mo Tc Ru Rh Pd Ag Cd ' +
    'In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Po At Rn Fr Ra Ac Th Pa U Np Pu Am ' +
    'Cm Bk Cf Es Fm Md No Lr'
  ).split(' '),
)

/** `1d 2h13m`, `3m21.58s`, `  5.84s` in seconds; null for any other text. */
export function secondsOf(text: string): number | null {
  const compact = text.replaceAll(/\s+/g, '')
  const [whole, days, hours, minutes, seconds] = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:([\d.]+)s?)?$/.exec(compact) ?? []
  if (whole === undefined || whole === '') return null
  return 86_400 * Number(days ?? 0) + 3_600 * Number(hours ?? 0) + 60 * Number(minutes ?? 0) + (toNumber(seconds ?? '0') ?? 0)
}

/** The text after the first `=` or `:`. */
export const afterSign = (line: string): string => line.slice(line.search(/[=:]/) + 1)

/** The first number after the first `=`, `:` or `<`; null where that is none (`*****`). */
export const numberAfter = (line: string): number | null => toNumber(/[=:<>]\s*(\S+)/.exec(line)?.[1])

const COUNT = /^\d+$/

/** The first whole number of a text. */
export function countIn(text: string): number | null {
  const word = text.split(/[\s:=,()]+/).find((part) => COUNT.test(part))
  return word === undefined || word.length > 9 ? null : Number(word) // what has more digits counts nothing
}
