/** Names of functionals as they stand in ORCA's simple input, upper case, without a dispersion suffix. */
const FUNCTIONALS = new Set(
  `LDA LSD HFS VWN VWN5 VWN3 PWLDA BP86 BP PBE REVPBE RPBE BLYP OLYP GLYP XLYP PW91 PWP MPWPW MPWLYP PBE1W MPW1K B97-D B97M-V B97M-D3BJ B97M-D4
   TPSS REVTPSS M06L M06-L SCANFUNC RSCAN R2SCAN B1LYP B3LYP B3LYP/G O3LYP X3LYP B1P B3P B3PW PW1PW MPW1PW MPW1LYP PBE0 PW6B95 BHANDHLYP TPSSH TPSS0
   M06 M062X M06-2X R2SCANH R2SCAN0 R2SCAN50 WB97 WB97X WB97X-V WB97X-D3 WB97X-D3BJ WB97X-D4 WB97X-D4REV WB97M-V WB97M-D3BJ WB97M-D4 WB97M-D4REV CAM-B3LYP LC-BLYP LC-PBE
   B2PLYP B2GP-PLYP B2K-PLYP B2T-PLYP MPW2PLYP PWPB95 DSD-BLYP DSD-PBEP86 DSD-PBEB95 REVDSD-PBEP86-D4 REVDSD-PBEP86/2021 REVDOD-PBEP86/2021 PBE-QIDH PBE0-DH WB2PLYP WB2GP-PLYP RSX-QIDH RSX-0DH WB88PP86 WPBEPP86
   DSD-BLYP/2013 DSD-PBEP86/2013 WB97M(2) WR2SCAN PR2SCAN50 PR2SCAN69 WPR2SCAN50 KPR2SCAN50 REVPBE0 REVPBE38 LRC-PBE LRC-PBEH
   HF-3C PBEH-3C R2SCAN-3C B97-3C B3LYP-3C WB97X-3C`.split(/\s+/),
)
/** The dispersion of a name; `/2021` and `/2013`, the year of a parametrisation, stand behind it: `REVDSD-PBEP86-D4/2021`. */
const SUFFIX = /-(?:D2|D3|D3BJ|D3ZERO|D3TZ|D4|NL)(?=$|\/20\d\d$)/

/** Post-Hartree-Fock treatments, the highest first where several are named. */
const TREATMENTS =
  /^(?:UHF-|RHF-)?(?:(?:BT|PNO|DLPNO|LPNO|RI|F12|F12-RI|DLPNO-F12|SCS|SOS|OO|RI-SCS|OO-RI|AUTOCI|IP|EA|STEOM|EOM)-?)*(?:CCSDT|CCSD\(T\)(?:-F12\S*)?|CCSD\(T1\)|CCSD(?:-F12\S*)?|QCISD\(T\)|QCISD|CEPA\/\d|CEPA\d|NCPF\/\d|MP4|MP3|MP2(?:-F12\S*)?|CISD|CID|BCCD(?:\(T\))?|ADC\(?2\)?)$/

const SEMIEMPIRICAL = /^(?:XTB[012]?|GFN\S*|NATIVE-XTB\S*|AM1|PM3|MNDO|ZINDO\S*|INDO\S*|CNDO\S*|NDDO\S*)$/

/** The functional that the echoed keywords name; null for Hartree-Fock or an unknown word. */
export function functionalOf(keywords: readonly string[]): string | null {
  const found = keywords.find((word) => {
    const upper = word.toUpperCase()
    return FUNCTIONALS.has(upper) || FUNCTIONALS.has(upper.replace(SUFFIX, '')) || FUNCTIONALS.has(upper.replace(/^RI-/, ''))
  })
  return found?.toUpperCase() ?? null
}

/** What the energy rests on: a correlation method, a functional, `CASSCF`, `HF`; null where the keywords do not say. */
export function energyMethodOf(
  keywords: readonly string[],
  type: { readonly dft: boolean; readonly casscf: boolean; readonly perturbation: string | null },
): string | null {
  const upper = keywords.map((word) => word.toUpperCase())
  const treatment = upper.find((word) => TREATMENTS.test(word))
  if (treatment !== undefined) return treatment
  if (type.casscf) return upper.find((word) => /NEVPT2|CASPT2/.test(word)) ?? type.perturbation ?? 'CASSCF'
  const functional = functionalOf(keywords)
  if (functional !== null) return functional
  const semiempirical = upper.find((word) => SEMIEMPIRICAL.test(word))
  if (semiempirical !== undefined) return semiempirical
  if (type.perturbation !== null && !type.dft) return type.perturbation
  return upper.some((word) => /^[RU]?O?HF$/.test(word)) || !type.dft ? 'HF' : null
}
