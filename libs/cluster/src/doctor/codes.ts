import { type ClusterCode, type ClusterSpec, CodeName, type Finding } from '@crystalmath/contract'
import type { Said } from '@crystalmath/schedulers'
import { readScript } from '../read-script.ts'
import { setUpText } from '../set-up.ts'
import { facts, ill, warning, well } from './finding.ts'
import type { Library } from './pseudopotentials.ts'

/** What each code is asked for where the cluster's registration names no executable. */
const MAIN_PROGRAM: Readonly<Record<CodeName, string | null>> = {
  vasp: 'vasp_std',
  orca: 'orca',
  'quantum-espresso': 'pw.x',
  crystal: 'crystal',
  yambo: 'yambo',
  wannier90: 'wannier90.x',
  phonopy: 'phonopy',
  boltztrap2: 'btp2',
  cp2k: 'cp2k.psmp',
  nwchem: 'nwchem',
  abinit: 'abinit',
  xtb: 'xtb',
  ase: 'python3',
  script: null,
}

const firstWord = (command: string): string => command.trim().split(/\s+/)[0] ?? ''

/** Programs of a code as commands, launcher first. */
export function programsOf(code: CodeName, { launcher, executables }: ClusterCode): readonly string[] {
  const named = Object.values(executables).map(firstWord)
  const main = MAIN_PROGRAM[code]
  return [...new Set([firstWord(launcher), ...(named.length > 0 || main === null ? named : [main])])].filter(
    (word) => word !== '',
  )
}

export type CodeQuestion = { readonly code: CodeName; readonly script: string; readonly args: readonly string[] }

export const codeQuestions = (spec: ClusterSpec): readonly CodeQuestion[] =>
  CodeName.options.flatMap((code) => {
    const how = spec.codes[code]
    return how === undefined
      ? []
      : [{ code, script: readScript('programs.sh'), args: [setUpText(how.setUp), ...programsOf(code, how)] }]
  })

/** The login node's word: compute nodes may have other folders mounted, which the dry-run job shows. */
export function codeFinding(code: CodeName, said: Said): Finding {
  const item = `CODE ${code}`
  const lines = facts(said.stdout).all('program')
  const missing = lines.filter((line) => !/ \S/.test(line)).map((line) => line.trim())
  const mend = `give codes.${code}.setUp the module to load, or codes.${code}.executables the full paths`
  if (!said.complete || !/^over now$/m.test(said.stdout))
    return ill(item, `the set-up lines end the shell: "${said.stderr.trim().slice(0, 300)}"`, `correct codes.${code}.setUp`)
  if (missing.length > 0) return ill(item, `not found on the login node after the set-up lines: ${missing.join(', ')}`, mend)
  if (/^set-up failed/m.test(said.stdout))
    return warning(item, `the set-up lines failed: "${said.stderr.trim().slice(0, 300)}"`, `correct codes.${code}.setUp`)
  if (said.stderr.trim() !== '')
    return warning(item, `the set-up lines complain: "${said.stderr.trim().slice(0, 300)}"`, `correct codes.${code}.setUp`)
  if (lines.length === 0) return well(item, 'its set-up lines run; no program is named')
  return well(item, lines.map((line) => line.split(' ').slice(1).join(' ')).join(', '))
}

export function libraryFinding({ code, folder, files, trouble }: Library): Finding {
  const item = `PSEUDOPOTENTIALS ${code}`
  const mend = `correct codes.${code}.pseudopotentialFolder`
  if (trouble !== null) return ill(item, `${folder} could not be read: "${trouble}"`, mend)
  if (files.length === 0) return warning(item, `nothing in ${folder} is a pseudopotential that we can read`, mend)
  const elements = [...new Set(files.map(({ element }) => element))].sort()
  return well(item, `${files.length} files for ${elements.length} elements in ${folder}: ${elements.join(' ')}`)
}
