import { h } from '../dom.ts'

export type Point = { readonly x: number; readonly y: number; readonly name: string; readonly href: string }

const WIDTH = 560
const HEIGHT = 300
const LEFT = 64
const BOTTOM = 40

/** Points that lead somewhere, y logarithmic: what lies apart from its like shows at a glance. */
export function scatter(points: readonly Point[], xLabel: string, yLabel: string, caption: string): HTMLElement {
  const xs = ends(points.map(({ x }) => x))
  const ys = ends(points.map(({ y }) => Math.log10(y)))
  const px = (x: number) => LEFT + 10 + ((x - xs.low) / (xs.high - xs.low)) * (WIDTH - LEFT - 30)
  const py = (log: number) => HEIGHT - BOTTOM - 10 - ((log - ys.low) / (ys.high - ys.low)) * (HEIGHT - BOTTOM - 25)
  const words = (x: number, y: number, said: string, anchor: string) =>
    s('text', { x, y, 'text-anchor': anchor, 'font-size': 12, fill: 'currentColor', opacity: 0.75 }, said)
  return h(
    'figure',
    { class: 'plot' },
    s(
      'svg',
      { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, width: '100%', role: 'img', 'aria-label': `${yLabel} over ${xLabel}` },
      s('path', { d: `M${LEFT} 10V${HEIGHT - BOTTOM}H${WIDTH - 10}`, fill: 'none', stroke: 'currentColor', opacity: 0.4 }),
      words(px(xs.low), HEIGHT - BOTTOM + 16, xs.least.toFixed(4), 'start'),
      words(px(xs.high), HEIGHT - BOTTOM + 16, xs.most.toFixed(4), 'end'),
      words((LEFT + WIDTH) / 2, HEIGHT - 6, xLabel, 'middle'),
      words(LEFT - 6, py(ys.high) + 4, (10 ** ys.most).toExponential(1), 'end'),
      words(LEFT - 6, py(ys.low) + 4, (10 ** ys.least).toExponential(1), 'end'),
      words(LEFT + 6, 14, yLabel, 'start'),
      ...points.map(({ x, y, name, href }) =>
        s(
          'a',
          { href },
          s('title', {}, `${name}: ${x} eV, ${y} eV/Å`),
          s('circle', { cx: px(x), cy: py(Math.log10(y)), r: 4, fill: '#1f77d0', opacity: 0.65 }),
        ),
      ),
    ),
    caption === '' ? null : h('figcaption', {}, caption),
  )
}

/** Least and most, and the same set apart where they are one. */
function ends(values: readonly number[]): { least: number; most: number; low: number; high: number } {
  const least = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
  const most = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  const apart = most > least ? 0 : Math.max(Math.abs(most), 1) * 1e-6
  return { least, most, low: least - apart, high: most + apart }
}

function s(
  tag: string,
  attributes: Readonly<Record<string, string | number>>,
  ...children: readonly (Node | string)[]
): SVGElement {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value))
  element.append(...children)
  return element
}
