import type { Resources, Token } from '@crystalmath/contract'
import type { SubmitWords } from '../scheduler.ts'
import { directives } from './directives.ts'
import { helper } from './helper.ts'

/** The queue's own refusals begin so: nothing was written. */
const REFUSED = '^queue: refused:'

export const submit =
  (root: string) =>
  (token: Token, resources: Resources): SubmitWords => ({
    argv: helper(root, 'submit', token, ...directives(resources), 'job.sh'),
    idFrom: String.raw`s/^\([0-9][0-9]*\)$/\1/p`,
    refused: REFUSED,
    silent: 'timed out',
    reasonFor: (said) => (/nothing can be written|no lock/.test(said) ? 'DISK_FULL' : 'INVALID'),
  })
