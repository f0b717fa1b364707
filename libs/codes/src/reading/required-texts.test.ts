import { describe, expect, it } from 'vitest'
import { requiredTexts } from './required-texts.ts'

describe('the texts without which a pattern cannot match', () => {
  it.each([
    [/No space left on device/, ['No space left on device']],
    [/[Ss]egmentation fault|SIGSEGV/, ['egmentation fault', 'SIGSEGV']],
    [/(RPA\/TD-DFT|CIS).{0,30}(?:DID NOT CONVERGE|did not converge)/, ['DID NOT CONVERGE', 'did not converge']],
    [/Out of (?:allocation|requests) (?:failed|error)/, ['allocation', 'requests']],
    [/exited on signal 9 \(Killed\)|line \d+: +\d+ Killed /, ['exited on signal 9 (Killed)', ' Killed ']],
    [/(?<=PBS: job killed: )walltime/, ['walltime']],
    [/out of memory(?! according to MaxCore)/, ['out of memory']],
    [/(?<said>Error : )?basis sets? found/, ['basis set']],
    [/lines{2,}torn apart/, ['torn apart']],
  ])('are those of %s', (pattern, texts) => {
    expect(requiredTexts(pattern.source)).toEqual(texts)
  })

  it.each([/CIS|out of memory/, /\d+ (?:out of memory)?/, /(?:x{0,9}not enough memory){0,2}/, /[A-Z]+/, /a\bb/])(
    'are not known of %s',
    (pattern) => {
      expect(requiredTexts(pattern.source)).toBeNull()
    },
  )
})
