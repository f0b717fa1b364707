/** One word for a POSIX shell, whatever it holds but NUL. The only place that quotes. */
export function quote(word: string): string {
  if (word.includes('\0')) throw new TypeError(`a word for the shell cannot hold NUL: ${JSON.stringify(word)}`)
  return /^[A-Za-z0-9_./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}

export const quoteAll = (words: readonly string[]): string => words.map(quote).join(' ')
