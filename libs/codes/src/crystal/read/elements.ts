const SYMBOLS =
  'X H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr Rb Sr Y Zr Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Po At Rn'.split(
    ' ',
  )

/** The element of a conventional atomic number: the last two digits are Z (100 + Z: other basis set, 200 + Z: pseudopotential), 0 is a ghost. */
export const symbolOf = (number: number): string | null => SYMBOLS[number % 100] ?? null
