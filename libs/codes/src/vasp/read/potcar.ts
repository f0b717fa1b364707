import { createHash, type Hash } from 'node:crypto'
import type { Reader } from '@crystalmath/contract'
import { detached } from '../../reading/hits.ts'
import { toNumber } from '../../reading/numbers.ts'
import { elementOf, elementOfTitle } from './elements.ts'

/** What is told of one data set: never its text. */
export type PotcarDataset = {
  readonly title: string
  readonly element: string
  /** `PE`, `CA`, … */
  readonly exchangeCorrelation: string | null
  readonly cutoffEv: number | null
  readonly valence: number | null
  /** SHA-256 of the data set from its first line to `End of Dataset`, line ends as LF. */
  readonly sha256: string
}
export type PotcarReading = { readonly datasets: readonly PotcarDataset[]; readonly complete: boolean }

const FIELD = /^ *(?:(TITEL|VRHFIN|LEXCH) *= *(.*?) *$|POMASS *= *\S+ +ZVAL *= *(\S+)|ENMAX *= *([\d.]+))/

/** Reads the headers of POTCAR. The text is under licence: only titles, numbers and a hash leave this reader. */
export function potcar(_file: string): Reader<PotcarReading> {
  const datasets: PotcarDataset[] = []
  let hash: Hash | null = null
  let fields = new Map<string, string>()

  const endDataset = (): void => {
    const title = fields.get('TITEL') ?? ''
    const element = elementOfTitle(title) ?? elementOf((fields.get('VRHFIN') ?? '').split(':')[0] ?? '') ?? ''
    datasets.push({
      title,
      element,
      exchangeCorrelation: fields.get('LEXCH') ?? null,
      cutoffEv: toNumber(fields.get('ENMAX')),
      valence: toNumber(fields.get('ZVAL')),
      sha256: hash?.digest('hex') ?? '',
    })
    ;[hash, fields] = [null, new Map()]
  }

  const onLine = (line: string): void => {
    if (hash === null && line.trim() === '') return
    hash ??= createHash('sha256')
    hash.update(line, 'latin1').update('\n')
    if (line.includes('End of Dataset')) {
      endDataset()
      return
    }
    if (!line.includes('=')) return
    const [, tag, value, valence, cutoff] = FIELD.exec(line.replace(/;/g, ' ')) ?? []
    if (tag !== undefined && value !== undefined && !fields.has(tag)) fields.set(tag, detached(value))
    else if (valence !== undefined) fields.set('ZVAL', detached(valence))
    else if (cutoff !== undefined) fields.set('ENMAX', detached(cutoff))
  }

  return {
    feed(block) {
      let from = 0
      while (from < block.length) {
        const newline = block.indexOf('\n', from)
        const to = newline === -1 ? block.length : newline
        onLine(block.slice(from, to > from && block.charCodeAt(to - 1) === 13 ? to - 1 : to))
        from = to + 1
      }
    },
    end: () => ({ datasets, complete: hash === null && datasets.length > 0 }),
  }
}
