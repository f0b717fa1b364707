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

/** Those of the earlier runs that are in the answer of a later one in the same file. */
function mixedInto(second: Subject, earlier: readonly Subject[]): readonly string[] {
  const alone = JSON.stringify(said(readText(second, second.text)))
  return earlier
    .filter((first) => first.code === second.code && first !== second)
    .filter((first) => JSON.stringify(said(readText(second, `${first.text.trimEnd()}\n${second.text}`))) !== alone)
    .map((first) => `${first.path ?? first.name} before ${second.path ?? second.name}`)
}

/** Every so many pairs of the corpus are tried: all of them take minutes. */
const STRIDE = 7

describe('of two runs in one file', () => {
  it.each([
    ['our own outputs', false],
    ['the corpus of real outputs', true],
  ])(
    'the second is read as if it were alone: %s',
    (_, withCorpus) => {
      if (withCorpus && !hasCorpus()) return
      const subjects = loadSubjects(undefined, withCorpus, 30_000).filter(begins)
      const mixed = subjects.flatMap((second, i) =>
        mixedInto(
          second,
          subjects.filter((__, j) => !withCorpus || (i + j) % STRIDE === 0),
        ),
      )
      expect(mixed).toEqual([])
    },
    120_000,
  )

  it('an earlier one that was killed leaves nothing either', () => {
    const subjects = loadSubjects(undefined, false).filter(begins)
    const killed = subjects.flatMap((subject) =>
      [0.3, 0.7].map((part) => ({ ...subject, text: subject.text.slice(0, subject.text.length * part) })),
    )
    expect(subjects.flatMap((second) => mixedInto(second, killed))).toEqual([])
  })
})
