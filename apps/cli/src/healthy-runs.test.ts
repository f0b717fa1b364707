import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isAdvice } from '@crystalmath/codes'
import { parsePath } from '@crystalmath/files'
import { describeWithCorpus } from '@crystalmath/testing'
import { expect, it } from 'vitest'

/** What a case says of its files: of the one that counts, and of others by name. */
type Said = {
  readonly error_class?: string | null
  readonly termination?: string
  readonly converged_electronic?: boolean
  readonly converged_ionic?: boolean
  readonly unconverged_energy_ev?: number
}
type Case = { readonly kind: string; readonly expected: Said & { readonly by_file?: Readonly<Record<string, Said>> } }

/** Normal by what is said of them, and something is said of their outputs all the same. */
const SAID_ALL_THE_SAME: Readonly<Record<string, string>> = {
  // inputs alone
  'vasp/parsevasp-inputs': 'NEVER_STARTED',
  'vasp/pymatgen-incar-kpoints-variants': 'NEVER_STARTED',
  // positive energies they are
  'vasp/fe-monomer-positive-energy': 'POSITIVE_ENERGY',
  'vasp/noncollinear-velocities-si2h': 'POSITIVE_ENERGY',
  // eigenvalues that are no numbers
  'vasp/si-hse-bands-line': 'OUTPUT_UNREADABLE',
  // stopped by an EXIT file after its initialisation
  'qe/pw-initialization-only': 'STOPPED_BY_REQUEST',
}

const isSick = ({ error_class, termination, converged_electronic, converged_ionic, unconverged_energy_ev }: Said): boolean =>
  (error_class !== undefined && error_class !== null) ||
  (termination !== undefined && termination !== 'normal') ||
  converged_electronic === false ||
  converged_ionic === false ||
  unconverged_energy_ev !== undefined

function isHealthy({ kind, expected }: Case): boolean {
  if (/error|truncated/.test(kind) && expected.error_class !== null) return false
  return ![expected, ...Object.values(expected.by_file ?? {})].some(isSick)
}

describeWithCorpus('healthy runs', '.', (corpus) => {
  const cases = readdirSync(corpus, { withFileTypes: true }).flatMap((code) => {
    if (!code.isDirectory() || code.name === 'schedulers') return []
    const names = readdirSync(join(corpus, code.name)).filter((name) => existsSync(join(corpus, code.name, name, 'case.json')))
    const read = (name: string) => JSON.parse(readFileSync(join(corpus, code.name, name, 'case.json'), 'utf8')) as Case
    const healthy = names.filter((name) => isHealthy(read(name)))
    return healthy.length === 0 ? [] : [[code.name, healthy] as const]
  })

  it.each(cases)(
    'of %s raise no alarm but advice',
    async (code, names) => {
      const alarms: string[] = []
      for (const name of names) {
        const { diagnoses } = await parsePath(join(corpus, code, name), {})
        const kinds = diagnoses.map(({ kind }) => kind).filter((kind) => !isAdvice(kind))
        if (kinds.join(' ') !== (SAID_ALL_THE_SAME[`${code}/${name}`] ?? '')) alarms.push(`${code}/${name}: ${kinds.join(' ')}`)
      }
      expect(alarms).toEqual([])
    },
    120_000,
  )
})
