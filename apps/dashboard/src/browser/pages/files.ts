import type { FileList } from '@crystalmath/contract'
import { ask, download } from '../api.ts'
import { h, replace, table } from '../dom.ts'
import { bytes, time } from '../format.ts'

/** The last bytes of a file that are shown. */
const SHOWN = 16_384

/** Outputs of a job: their ends at a click, whole as a download. */
export function filesPanel(path: string, { items, missing, trouble }: FileList): HTMLElement {
  const text = h('pre', { hidden: true })
  const url = (name: string) => `${path}/files/${name.split('/').map(encodeURIComponent).join('/')}`
  const show = (name: string) => async () => {
    text.hidden = false
    replace(text, 'loading …')
    const said = await ask(`${url(name)}?tail=${SHOWN}`)
      .then((response) => response.text())
      .catch((error: unknown) => (error instanceof Error ? error.message : String(error)))
    replace(text, said)
    text.scrollTop = text.scrollHeight
  }
  const button = (name: string, run: () => Promise<void>) => h('button', { type: 'button', click: () => void run() }, name)
  return h(
    'section',
    {},
    h('h2', {}, 'Files'),
    trouble === null ? null : h('p', { class: 'notice' }, trouble),
    table(
      ['file', 'size', 'where', 'changed', ''],
      items.map((file) => [
        h('code', {}, file.path),
        bytes(file.size),
        file.source === 'store' ? 'kept' : 'on the cluster',
        time(file.modifiedAt) ?? '',
        h(
          'span',
          { class: 'row' },
          button('End', show(file.path)),
          button('Save', () => download(url(file.path), file.path.split('/').at(-1) ?? 'file')),
        ),
      ]),
    ),
    missing.length === 0 ? null : h('p', { class: 'notice' }, `expected and not there: ${missing.join(', ')}`),
    text,
  )
}
