import { h } from '../dom.ts'
import type { Point } from '../pages/columns.ts'

const WIDTH = 560
const HEIGHT = 300
const LEFT = 84
const BOTTOM = 40

/** From this ratio of the largest to the least, all of them positive, y is logarithmic. */
const WIDE = 100

/** Points that lead somewhere: what lies apart from its like shows at a glance. */
export function scatter(points: readonly Point[], xLabel: string, yLabel: string, caption: string): HTMLElement {
  const xs = ends(points.map(({ x }) => x))
  const range = ends(points.map(({ y }) => y))
  const isLogarithmic = range.least > 0 && range.most > WIDE * range.least
  const scaled = (y: number) => (isLogarithmic ? Math.log10(y) : y)
  const ys = ends(points.map(({ y }) => scaled(y)))
  const px = (x: number) => LEFT + 10 + ((x - xs.low) / (xs.high - xs.low)) * (WIDTH - LEFT - 30)
  const py = (up: number) => HEIGHT - BOTTOM - 10 - ((up - ys.low) / (ys.high - ys.low)) * (HEIGHT - BOTTOM - 25)
  const words = (x: number, y: number, said: string, anchor: string) =>
    s('text', { x, y, 'text-anchor': anchor, 'font-size': 12, fill: 'currentColor', opacity: 0.75 }, said)
  return h(
    'figure',
    { class: 'plot' },
    s(
      'svg',
      { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, width: '100%', role: 'img', 'aria-label': `${yLabel} over ${xLabel}` },
      s('path', { d: `M${LEFT} 10V${HEIGHT - BOTTOM}H${WIDTH - 10}`, fill: 'none', stroke: 'currentColor', opacity: 0.4 }),
      words(px(xs.low), HEIGHT - BOTTOM + 16, short(xs.least), 'start'),
      words(px(xs.high), HEIGHT - BOTTOM + 16, short(xs.most), 'end'),
      words((LEFT + WIDTH) / 2, HEIGHT - 6, xLabel, 'middle'),
      words(LEFT - 6, py(ys.high) + 4, short(range.most), 'end'),
      words(LEFT - 6, py(ys.low) + 4, short(range.least), 'end'),
      words(LEFT + 6, 14, isLogarithmic ? `${yLabel} (logarithmic)` : yLabel, 'start'),
      ...points.map(({ x, y, name, href }) =>
        s(
          'a',
          { href },
          s('title', {}, `${name}: ${xLabel} ${x}, ${yLabel} ${y}`),
          s('circle', { cx: px(x), cy: py(scaled(y)), r: 4, fill: '#1f77d0', opacity: 0.65 }),
        ),
      ),
    ),
    caption === '' ? null : h('figcaption', {}, caption),
  )
}

/** Seven digits at the most, as energies differ in their last. */
const short = (value: number): string => String(Number(value.toPrecision(7)))

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
