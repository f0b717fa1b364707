import type { InputProblem, PseudopotentialFile } from '@crystalmath/contract'
import { parameterProblem, shown } from '../writing/problems.ts'

export type UpfHeader = Omit<PseudopotentialFile, 'fileName' | 'md5'>

const positiveOrNull = (text: string | undefined): number | null => {
  const value = Number((text ?? '').trim().replace(/[dD]/, 'e'))
  return Number.isFinite(value) && value > 0 ? value : null
}

/** Long names of functionals as `generate` and `ld1.x` write them, by the short name that pw.x prints. */
const FUNCTIONALS: readonly (readonly [RegExp, string])[] = [
  [/^(SLA PZ NOGX NOGC|PZ|LDA)$/, 'PZ'],
  [/^(SLA PW NOGX NOGC|PWLDA|PW)$/, 'PW'],
  [/^(SLA PW PBE PBE|SLA PW PBX PBC|PBE)$/, 'PBE'],
  [/^(SLA PW PSX PSC|PBESOL)$/, 'PBESOL'],
  [/^(SLA PW RPB PBC|SLA PW RPB PBE|REVPBE|SLA PW REVX PBC)$/, 'REVPBE'],
  [/^(SLA PW GGX GGC|PW91)$/, 'PW91'],
  [/^(SLA LYP B88 BLYP|B88 LYP|BLYP|SLA LYP B88 BLYP)$/, 'BLYP'],
  [/^(SLA P86 B88 P86|BP)$/, 'BP'],
  [/^(SLA PW TPSS TPSS|TPSS|SLA PW NOGX NOGC TPSS|SLA PW TPSS)$/, 'TPSS'],
  [/^(SLA PW WCX PBC|WC)$/, 'WC'],
]

/** The short name of a functional, `PBE` for `SLA PW PBX PBC`; what is not in the table stays, in capitals with single blanks. */
export function functionalName(text: string): string {
  const name = text
    .toUpperCase()
    .replace(/[+\s-]+/g, ' ')
    .trim()
  return FUNCTIONALS.find(([pattern]) => pattern.test(name))?.[1] ?? name
}

/** Reads the header of a UPF file, version 1 or 2 (its first 64 KiB or so suffice); null where it is none. */
export function readUpfHeader(text: string): UpfHeader | null {
  const attributes = /<PP_HEADER\s([^>]*)>/.exec(text)?.[1]
  if (attributes?.includes('=')) return versionTwo(attributes)
  const body = /<PP_HEADER>([\s\S]*?)<\/PP_HEADER>/.exec(text)?.[1]
  return body === undefined ? null : versionOne(body, text)
}

function versionTwo(attributes: string): UpfHeader | null {
  const found = new Map(
    [...attributes.matchAll(/(?<![A-Za-z_])([A-Za-z_]{1,80})\s{0,80}=\s*"([^"]*)"/g)].map(([, name = '', value = '']) => [
      name.toLowerCase(),
      value.trim(),
    ]),
  )
  const element = found.get('element') ?? ''
  if (!/^[A-Za-z]{1,2}$/.test(element)) return null
  const flag = (name: string) => /^\.?t/i.test(found.get(name) ?? '')
  const said = (found.get('pseudo_type') ?? '').toUpperCase()
  const kind =
    flag('is_coulomb') || said === '1/R'
      ? 'COULOMB'
      : flag('is_paw') || said === 'PAW'
        ? 'PAW'
        : flag('is_ultrasoft') || said.startsWith('US')
          ? 'US'
          : 'NC'
  return {
    element: symbol(element),
    kind,
    functional: functionalName(found.get('functional') ?? '') || null,
    valenceElectrons: positiveOrNull(found.get('z_valence')),
    cutoffRydberg: positiveOrNull(found.get('wfc_cutoff')),
    // ONCVPSP writes a radius there, and no cut-off for wave functions
    densityCutoffRydberg: positiveOrNull(found.get('wfc_cutoff')) === null ? null : positiveOrNull(found.get('rho_cutoff')),
    relativistic: flag('has_so') ? 'full' : (found.get('relativistic') ?? '').toLowerCase() || null,
  }
}

const symbol = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase()

/** The header of version 1 is one value per line, told apart by the words behind it. */
function versionOne(body: string, text: string): UpfHeader | null {
  const line = (words: RegExp) => body.split(/\r?\n/).find((one) => words.test(one))
  const value = (words: RegExp) => line(words)?.replace(words, '').trim()
  const element = value(/\s+Element\s*$/) ?? ''
  if (!/^[A-Za-z]{1,2}$/.test(element)) return null
  const kind = (
    value(/(\s(Norm|Ultrasoft|Projector|Coulomb|1\/r).*|\s+Pseudopotential.*)$/i) ??
    line(/pseudopotential/i)
      ?.trim()
      .split(/\s+/)[0] ??
    ''
  ).toUpperCase()
  const cutoffs = value(/\s*Suggested cutoff.*$/)?.split(/\s+/) ?? []
  // the short name, where there is one, stands after the four words
  const functional = (value(/\s*Exchange-Correlation.*$/) ?? '').split(/\s+/).slice(0, 4).join(' ')
  return {
    element: symbol(element),
    kind: /^(NC|US|PAW)$/.test(kind) ? kind : kind === '1/R' ? 'COULOMB' : null,
    functional: functionalName(functional) || null,
    valenceElectrons: positiveOrNull(value(/\s*Z valence\s*$/)),
    cutoffRydberg: positiveOrNull(cutoffs[0]),
    densityCutoffRydberg: positiveOrNull(cutoffs[1]),
    relativistic: text.includes('<PP_ADDINFO>')
      ? 'full'
      : (/(Non|Scalar|Full|Fully)-Relativistic/i.exec(text)?.[1] ?? '')
          .toLowerCase()
          .replace('fully', 'full')
          .replace('non', 'no') || null,
  }
}

/** What pseudopotentials are chosen from and by. */
export type Choice = {
  readonly elements: readonly string[]
  /** Null: nobody has looked yet. */
  readonly available: readonly PseudopotentialFile[] | null
  /** Where they lie on the cluster; null where the cluster's registration does not say. */
  readonly folder: string | null
  readonly byElement: Readonly<Record<string, unknown>>
  readonly family: string | null
}

export type Chosen = { readonly files: ReadonlyMap<string, PseudopotentialFile>; readonly problems: readonly InputProblem[] }

/** One file per element: the one that was named, else the only one (of the family, where one was named). Never a guess between several. */
export function choosePseudopotentials(choice: Choice): Chosen {
  const files = new Map<string, PseudopotentialFile>()
  const problems: InputProblem[] = []
  for (const element of choice.elements) {
    const found = oneFor(element, choice)
    if ('problem' in found) problems.push(found.problem)
    else files.set(element, found.file)
  }
  const surplus = Object.keys(choice.byElement).filter((element) => !choice.elements.includes(element))
  for (const element of surplus)
    problems.push(
      parameterProblem(
        `pseudopotentials.${element}`,
        `the structure has no ${element}`,
        `name one file for each of ${choice.elements.join(', ')}`,
        choice.byElement[element],
      ),
    )
  return { files, problems }
}

const list = (files: readonly PseudopotentialFile[]): string =>
  files
    .map(({ fileName }) => fileName)
    .slice(0, 12)
    .join(', ') + (files.length > 12 ? ', …' : '')

const ofFamily = (family: string) => (file: PseudopotentialFile) =>
  functionalName(file.functional ?? '') === functionalName(family) || file.fileName.toLowerCase().includes(family.toLowerCase())

function oneFor(
  element: string,
  { available, folder, byElement, family }: Choice,
): { readonly file: PseudopotentialFile } | { readonly problem: InputProblem } {
  const path = `pseudopotentials.${element}`
  const where = folder === null ? 'the cluster’s registration names no folder of pseudopotentials' : `looked in ${folder}`
  const wanted = Object.hasOwn(byElement, element) ? byElement[element] : undefined
  const all = available ?? []
  const own = all.filter((file) => file.element === element)
  if (wanted !== undefined) {
    const file = all.find(({ fileName }) => fileName === wanted)
    if (file === undefined)
      return {
        problem: parameterProblem(
          path,
          `there is no pseudopotential ${shown(wanted)} for ${element}; ${where}`,
          own.length > 0 ? `there are ${list(own)}` : noneMend(available),
          wanted,
        ),
      }
    if (file.element === element) return { file }
    return {
      problem: parameterProblem(
        path,
        `${file.fileName} is a pseudopotential of ${file.element}, not of ${element}`,
        own.length > 0 ? `there are ${list(own)}` : noneMend(available),
        wanted,
      ),
    }
  }
  const candidates = family === null ? own : own.filter(ofFamily(family))
  const [only] = candidates
  if (only !== undefined && candidates.length === 1) return { file: only }
  const said = family === null ? '' : ` of the family "${family}"`
  if (candidates.length === 0)
    return {
      problem: parameterProblem(
        path,
        `there is no pseudopotential${said} for ${element}; ${where}`,
        own.length > 0 ? `there are ${list(own)}` : noneMend(available),
      ),
    }
  return {
    problem: parameterProblem(
      path,
      `${candidates.length} pseudopotentials${said} fit ${element}: ${list(candidates)}`,
      `name one in parameters.${path}, or narrow parameters.pseudopotentialFamily`,
    ),
  }
}

const noneMend = (available: readonly PseudopotentialFile[] | null): string =>
  available === null
    ? 'let the cluster be looked at: crystalmath cluster check NAME'
    : `put a UPF file into the folder and run crystalmath cluster check NAME, or send it with extraFiles as pseudo/NAME.UPF; ${available.length === 0 ? 'the folder holds none' : `the folder holds files for ${[...new Set(available.map(({ element }) => element))].sort().join(', ')}`}`

/** All functionals must be one, or the user says which: pw.x refuses a mixture, and no number would mean anything. */
export function functionalProblem(files: ReadonlyMap<string, PseudopotentialFile>): InputProblem | null {
  const named = [...files.values()].filter(({ functional, kind }) => functional !== null && kind !== 'COULOMB')
  const names = new Set(named.map(({ functional }) => functionalName(functional ?? '')))
  if (names.size <= 1) return null
  const said = named.map(({ fileName, functional }) => `${fileName} (${functional})`).join(', ')
  return parameterProblem(
    'pseudopotentials',
    `the pseudopotentials were made for different functionals: ${said}`,
    'choose files of one functional, or set parameters.system.input_dft',
  )
}
