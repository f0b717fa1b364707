import type { CalculationResult } from '@crystalmath/contract'
import { describe, expect, it } from 'vitest'
import { hasCorpus, loadSubjects, readText, type Subject } from './subjects.ts'

/** What a program writes where a run begins. YAMBO's reports and VASP's files have no such mark; CRYSTAL's `properties` reads the SCF before it. */
const BEGINNINGS: Readonly<Record<string, RegExp>> = {
  'abinit output': /^\.Version/m,
  'cp2k output': /PROGRAM STARTED AT/,
  'nwchem output': /Northwest Computational Chemistry Package/,
  'orca output': /Program Version/,
  'quantum-espresso pw-output': /Program PWSCF/,
  'wannier90 output': /Welcome to the Maximally-Localized/,
  'xtb output': /x T B/,
}

const begins = ({ code, kind, text }: Subject): boolean => BEGINNINGS[`${code} ${kind}`]?.test(text) === true

/** What is said of a run, wherever in a file it stands. */
function said({ warnings: _, diagnoses, ...rest }: CalculationResult): unknown {
  return { ...rest, diagnoses: diagnoses.map(({ kind, message }) => ({ kind, message })) }
}

/** Of each run that follows another of its kind in one file: whether that other one is in its answer. */
function mixed(subjects: readonly Subject[]): readonly string[] {
  return subjects.flatMap((second) => {
    const alone = JSON.stringify(said(readText(second, second.text)))
    return subjects
      .filter((first) => first !== second && first.code === second.code)
      .filter((first) => JSON.stringify(said(readText(second, `${first.text.trimEnd()}\n${second.text}`))) !== alone)
      .map((first) => `${first.path ?? first.name} before ${second.path ?? second.name}`)
  })
}

describe('of two runs in one file', () => {
  it.each([
    ['our own outputs', false, 200_000],
    ['the corpus of real outputs', true, 30_000],
  ])(
    'the second is read as if it were alone: %s',
    (_, withCorpus, longest) => {
      if (withCorpus && !hasCorpus()) return
      expect(mixed(loadSubjects(undefined, withCorpus, longest).filter(begins))).toEqual([])
    },
    120_000,
  )

  it('an earlier one that was killed anywhere leaves nothing either', () => {
    const subjects = loadSubjects(undefined, false).filter(begins)
    const torn = subjects.flatMap((subject) =>
      [0.2, 0.5, 0.8].map((part) => ({ ...subject, text: subject.text.slice(0, subject.text.length * part) })),
    )
    for (const second of subjects)
      expect(
        mixed([...torn.filter(({ code }) => code === second.code), second]).filter((pair) =>
          pair.endsWith(second.path ?? second.name),
        ),
      ).toEqual([])
  })
})
