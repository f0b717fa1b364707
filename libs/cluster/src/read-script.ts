import { readFileSync } from 'node:fs'

const texts = new Map<string, string>()

/** The text of `remote/<name>`: what runs on clusters is a file that a linter reads. */
export function readScript(name: string): string {
  const known = texts.get(name)
  if (known !== undefined) return known
  const text = readFileSync(new URL(`./remote/${name}`, import.meta.url), 'utf8')
  texts.set(name, text)
  return text
}
