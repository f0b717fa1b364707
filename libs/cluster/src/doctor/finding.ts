import type { Finding } from '@crystalmath/contract'

export const well = (item: string, evidence: string): Finding => ({ item, severity: 'ok', evidence, mend: '' })
export const warning = (item: string, evidence: string, mend: string): Finding => ({ item, severity: 'warning', evidence, mend })
export const ill = (item: string, evidence: string, mend: string): Finding => ({ item, severity: 'error', evidence, mend })

/** Lines `KEY VALUE` of a fact sheet. */
export const facts = (stdout: string) => {
  const pairs = stdout
    .split('\n')
    .map((line) => /^(\S+) (.*)$/.exec(line))
    .filter((found) => found !== null)
  const all = (key: string) => pairs.filter(([, name]) => name === key).map(([, , value = '']) => value)
  return { all, one: (key: string): string | undefined => all(key)[0] }
}
