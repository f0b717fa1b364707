const SYMBOLS = new Set(
  (
    'H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr ' +
    'Rb Sr Y Zr Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu ' +
    'Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Po At Rn Fr Ra Ac Th Pa U Np Pu Am Cm Bk Cf Es Fm Md No Lr Rf Db Sg Bh Hs Mt Ds Rg Cn Nh Fl Mc Lv Ts Og'
  ).split(' '),
)

/** An element's symbol at the start of a word (`Mn_pv`, `O_s`, `H1.25`, `Fe/3f2a`); null if there is none. vasprun.xml has `r` for Zr and `X` for Xe. */
export function elementOf(word: string): string | null {
  const [, symbol] = /^([A-Z][a-z]?)(?![a-z])/.exec(word.trim()) ?? []
  if (symbol !== undefined && SYMBOLS.has(symbol)) return symbol
  return word.trim() === 'r' ? 'Zr' : word.trim() === 'X' ? 'Xe' : null
}

/** The element of a POTCAR title, `PAW_PBE Mn_pv 02Aug2007`. */
export function elementOfTitle(title: string): string | null {
  const [, symbol = ''] = title.trim().split(/\s+/)
  return elementOf(symbol)
}
