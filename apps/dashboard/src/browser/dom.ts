export type Child = Node | string | number | null | undefined | readonly Child[]

/** An element with attributes and children; text is always text, never markup. Functions among the attributes are listeners. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string | number | boolean | ((event: Event) => void) | undefined>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name, value)
    else if (value === true) element.setAttribute(name, '')
    else if (value !== undefined && value !== false) element.setAttribute(name, String(value))
  }
  append(element, children)
  return element
}

function append(parent: Node, children: readonly Child[]): void {
  for (const child of children) {
    if (Array.isArray(child)) append(parent, child)
    else if (child instanceof Node) parent.appendChild(child)
    else if (typeof child === 'string' || typeof child === 'number') parent.appendChild(document.createTextNode(`${child}`))
  }
}

/** Colours an element by a status or a word of a campaign. */
export function toned<E extends HTMLElement>(element: E, status: string): E {
  element.style.setProperty('--tone', `var(--${TONES[status] ?? status})`)
  return element
}
const TONES: Readonly<Record<string, string>> = {
  to_run: 'accepted',
  ready: 'pending',
  warning: 'pending',
  error: 'failed',
  ok: 'completed',
}

export const badge = (status: string): HTMLElement => toned(h('span', { class: 'badge' }, status), status)

/** A table; columns whose cells are numbers are set to the right. */
export function table(heads: readonly string[], rows: readonly (readonly Child[])[], empty = 'none'): HTMLElement {
  if (rows.length === 0) return h('p', { class: 'soft' }, empty)
  const isNumber = heads.map((_, i) => rows.every((row) => typeof row[i] === 'number' || row[i] === '–'))
  const cell = (tag: 'th' | 'td', child: Child, i: number) =>
    h(tag, { class: isNumber[i] === true ? 'number' : undefined }, child)
  return h(
    'table',
    {},
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        heads.map((head, i) => cell('th', head, i)),
      ),
    ),
    h(
      'tbody',
      {},
      rows.map((row) =>
        h(
          'tr',
          {},
          row.map((child, i) => cell('td', child, i)),
        ),
      ),
    ),
  )
}

/** Names beside values; what is null is left out. */
export const facts = (pairs: readonly (readonly [name: string, value: Child])[]): HTMLElement =>
  h(
    'dl',
    {},
    pairs
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]),
  )

/** Parts of a whole beside each other, each as wide as its count. */
export function stackedBar(counts: Readonly<Record<string, number>>): HTMLElement {
  const parts = Object.entries(counts).filter(([, count]) => count > 0)
  const said = parts.map(([name, count]) => `${count} ${name}`).join(', ')
  const bar = h('div', { class: 'bar', role: 'img', title: said, 'aria-label': said })
  for (const [name, count] of parts) {
    const part = toned(h('span'), name)
    part.style.flexGrow = String(count)
    bar.append(part)
  }
  return bar
}

export const replace = (element: Element, ...children: readonly Child[]): void => {
  const fragment = document.createDocumentFragment()
  append(fragment, children)
  element.replaceChildren(fragment)
}
