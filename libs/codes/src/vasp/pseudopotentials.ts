import { EV_PER_RYDBERG, type InputProblem, type PseudopotentialFile } from '@crystalmath/contract/plain'
import { parameterProblem, shown } from '../writing/problems.ts'
import type { SourcePreset } from './source-presets.ts'

export type PotcarHeader = Omit<PseudopotentialFile, 'fileName' | 'md5'>

/** Reads the head of one data set of POTCAR (its first 4 KiB suffice): numbers and names only, never its text. Null where it is none. */
export function readPotcarHeader(text: string): PotcarHeader | null {
  const head = text.slice(0, 8_192)
  const title = /TITEL\s*=\s*(\S.*?)\s*$/m.exec(head)?.[1]
  const element = /VRHFIN\s*=\s*([A-Z][a-z]?)\b/.exec(head)?.[1] ?? /^\S+\s+([A-Z][a-z]?)/.exec(title ?? '')?.[1]
  if (title === undefined || element === undefined) return null
  const number = (pattern: RegExp) => {
    const value = Number(pattern.exec(head)?.[1])
    return Number.isFinite(value) && value > 0 ? value : null
  }
  const enmax = number(/ENMAX\s*=\s*([\d.]+)/)
  const lexch = /LEXCH\s*=\s*(\S+)/.exec(head)?.[1] ?? null
  return {
    element,
    kind: /PAW/.test(title) ? 'PAW' : 'US',
    functional: lexch === null ? null : (LEXCH[lexch] ?? lexch),
    valenceElectrons: number(/ZVAL\s*=\s*([\d.]+)/),
    cutoffRydberg: enmax === null ? null : enmax / EV_PER_RYDBERG,
    densityCutoffRydberg: null,
    relativistic: 'scalar',
  }
}

/** LEXCH of a POTCAR → the functional it was made for. */
const LEXCH: Readonly<Record<string, string>> = { CA: 'LDA', PE: 'PBE', PS: 'PBESOL', '91': 'PW91' }

/** The variants that the VASP wiki recommends for standard calculations with potpaw 52/54/64; an element that is not here takes the plain one. */
const RECOMMENDED: ReadonlyMap<string, string> = new Map(
  (
    'Li_sv Na_pv K_sv Ca_sv Sc_sv Ti_sv V_sv Cr_pv Mn_pv Ga_d Ge_d Rb_sv Sr_sv Y_sv Zr_sv Nb_sv Mo_sv Tc_pv Ru_pv Rh_pv In_d Sn_d Cs_sv Ba_sv ' +
    'Pr_3 Nd_3 Pm_3 Sm_3 Eu_2 Gd_3 Tb_3 Dy_3 Ho_3 Er_3 Tm_3 Yb_2 Lu_3 Hf_pv Ta_pv W_sv Tl_d Pb_d Bi_d Po_d Fr_sv Ra_sv'
  )
    .split(' ')
    .map((name) => [name.replace(/_.*$/, ''), name] as const),
)

/** `Fe_pv` of `potpaw_PBE.54/Fe_pv/POTCAR`. */
export const variantOf = (fileName: string): string => fileName.replace(/\/POTCAR(\.\w+)?$/, '').replace(/^.*\//, '')
const releaseOf = (fileName: string): string => /^(.*)\/[^/]+\/POTCAR(\.\w+)?$/.exec(fileName)?.[1] ?? ''

export type PotcarChoice = {
  readonly elements: readonly string[]
  readonly available: readonly PseudopotentialFile[] | null
  readonly folder: string | null
  /** Element → variant, `{ "Fe": "Fe_pv" }`. */
  readonly byElement: Readonly<Record<string, unknown>>
  /** Release: the folder that holds the variants, `potpaw_PBE.54`. */
  readonly family: string | null
  /** `PBE` or `LDA`: what the POTCAR must have been made for. */
  readonly functional: string
  /** Variants and release of a source's preset; null: the recommended variants, of whatever release there is. */
  readonly source: Pick<SourcePreset, 'variants' | 'release' | 'releaseName'> | null
}

/** One data set per element: the variant that was named, else the recommended one, of one release and one functional. */
export function choosePotcars(choice: PotcarChoice): {
  readonly files: ReadonlyMap<string, PseudopotentialFile>
  readonly problems: readonly InputProblem[]
} {
  const files = new Map<string, PseudopotentialFile>()
  const problems: InputProblem[] = []
  for (const element of choice.elements) {
    const found = oneFor(element, choice)
    if ('problem' in found) problems.push(found.problem)
    else files.set(element, found.file)
  }
  for (const element of Object.keys(choice.byElement))
    if (!choice.elements.includes(element))
      problems.push(
        parameterProblem(
          `pseudopotentials.${element}`,
          `the structure has no ${element}`,
          `name one variant for each of ${choice.elements.join(', ')}`,
          choice.byElement[element],
        ),
      )
  const releases = new Set([...files.values()].map(({ fileName }) => releaseOf(fileName)))
  if (releases.size > 1)
    problems.push(
      parameterProblem(
        'pseudopotentialFamily',
        `the data sets come from several releases: ${[...releases].join(', ')}`,
        'set parameters.pseudopotentialFamily to one of them',
      ),
    )
  return { files, problems }
}

function oneFor(
  element: string,
  choice: PotcarChoice,
): { readonly file: PseudopotentialFile } | { readonly problem: InputProblem } {
  const path = `pseudopotentials.${element}`
  const { available, folder, family, functional, byElement, source } = choice
  const of = (available ?? []).filter((file) => file.element === element)
  const isOfRelease = (fileName: string) =>
    family === null ? source === null || source.release.test(releaseOf(fileName)) : releaseOf(fileName) === family
  const right = of.filter((file) => file.functional === functional && isOfRelease(file.fileName))
  const named = Object.hasOwn(byElement, element) ? byElement[element] : undefined
  const wanted = named ?? (source?.variants ?? RECOMMENDED).get(element) ?? element
  const hits = right.filter((file) => variantOf(file.fileName) === wanted)
  const [hit] = hits
  if (hit !== undefined && hits.length === 1) return { file: hit }
  if (hits.length > 1)
    return {
      problem: parameterProblem(
        path,
        `${shown(wanted)} is in several releases: ${hits.map(({ fileName }) => releaseOf(fileName)).join(', ')}`,
        'set parameters.pseudopotentialFamily to one of them',
      ),
    }
  const release = family ?? source?.releaseName ?? null
  const where = folder === null ? 'the cluster’s registration names no folder of POTCARs' : `looked in ${folder}`
  const listed = right
    .map(({ fileName }) => fileName)
    .slice(0, 12)
    .join(', ')
  const mend =
    available === null
      ? 'let the cluster be looked at: crystalmath cluster check NAME'
      : listed === ''
        ? `the cluster has none for ${functional}; put NAME/POTCAR into the folder and run crystalmath cluster check NAME`
        : `name one in parameters.${path}: ${listed}`
  return {
    problem: parameterProblem(
      path,
      `there is no POTCAR ${shown(wanted)} for ${functional}${release === null ? '' : ` in ${release}`}; ${where}`,
      mend,
      named,
    ),
  }
}
