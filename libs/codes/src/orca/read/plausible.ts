const SYMBOLS =
  'H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr Rb Sr Y Zr Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Po At Rn Fr Ra Ac Th Pa U Np Pu Am Cm Bk Cf Es Fm Md No Lr Rf Db Sg Bh Hs Mt Ds Rg Cn Nh Fl Mc Lv Ts Og'.split(
    ' ',
  )
const NUMBERS = new Map(SYMBOLS.map((symbol, i) => [symbol, i + 1]))

export const symbolOf = (atomicNumber: number): string | null => SYMBOLS[atomicNumber - 1] ?? null
export const atomicNumberOf = (symbol: string): number | null => NUMBERS.get(symbol) ?? null

/**
 * Is an energy in hartree lower than these atoms allow? A neutral atom has about −0.77 Z^(7/3) (Thomas-Fermi, a lower
 * bound to within a few per cent), relativity lowers the heaviest by a third: beyond 1.6 times that and 2 hartree an SCF has diverged.
 */
export function belowAnyAtoms(hartree: number, species: readonly string[]): boolean {
  if (species.length === 0) return false
  let bound = 2
  for (const symbol of species) {
    const z = atomicNumberOf(symbol)
    if (z === null) return false
    bound += 1.6 * 0.77 * z ** (7 / 3)
  }
  return hartree < -bound
}
