import uPlot from 'uplot'
import { h } from '../dom.ts'

/** One curve over the common abscissa; null where it has no value. */
export type Curve = {
  readonly name: string
  readonly y: readonly (number | null)[]
  readonly color?: string
  readonly dots?: boolean
}

export type LinePlot = {
  readonly x: readonly number[]
  readonly curves: readonly Curve[]
  readonly xLabel: string
  readonly yLabel: string
  readonly title?: string
  readonly logarithmic?: boolean
  readonly yRange?: readonly [low: number, high: number]
  /** Places on the abscissa with a name and a line. */
  readonly marks?: readonly { readonly x: number; readonly name: string }[]
  /** A level to draw across: the Fermi energy. */
  readonly level?: number | null
  readonly height?: number
  readonly legend?: boolean
  /** Whether the abscissa counts something. */
  readonly counted?: boolean
}

const COLORS = ['#1f77d0', '#d1622b', '#2da44e', '#a387d6', '#b58900', '#17a2b8']

/** Curves with axes, a legend, and zoom by dragging. Fits the width that it is given. */
export function lines(plot: LinePlot): HTMLElement {
  const place = h('div')
  const figure = h('figure', { class: 'plot' }, plot.title === undefined ? null : h('figcaption', {}, plot.title), place)
  const ink = () => getComputedStyle(document.body).color
  const axis = { stroke: ink, grid: { stroke: '#8884', width: 1 }, ticks: { stroke: '#8884' } }
  const { marks, yRange } = plot
  const chart = new uPlot(
    {
      width: 400,
      height: plot.height ?? 280,
      legend: { show: plot.legend !== false },
      scales: {
        x: { time: false },
        y: {
          ...(plot.logarithmic === true ? { distr: 3 } : {}),
          ...(yRange === undefined ? {} : { range: () => [...yRange] as [number, number] }),
        },
      },
      axes: [
        {
          ...axis,
          label: plot.xLabel,
          ...(plot.counted === true ? { incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 10_000] } : {}),
          ...(marks === undefined
            ? {}
            : { splits: () => marks.map(({ x }) => x), values: () => marks.map(({ name }) => name), grid: { stroke: '#8888' } }),
        },
        { ...axis, label: plot.yLabel, size: 74 },
      ],
      series: [
        { label: plot.xLabel },
        ...plot.curves.map((curve, i) => ({
          label: curve.name,
          stroke: curve.color ?? COLORS[i % COLORS.length] ?? 'gray',
          width: 1.4,
          points: { show: curve.dots === true, size: 5 },
        })),
      ],
      hooks: { draw: [(drawn: uPlot) => drawLevel(drawn, plot.level ?? null)] },
    },
    [[...plot.x], ...plot.curves.map(({ y }) => [...y])],
    place,
  )
  new ResizeObserver(([entry]) => {
    const width = Math.floor(entry?.contentRect.width ?? 0)
    if (width > 50 && width !== chart.width) chart.setSize({ width, height: plot.height ?? 280 })
  }).observe(figure)
  return figure
}

function drawLevel(chart: uPlot, level: number | null): void {
  if (level === null) return
  const y = chart.valToPos(level, 'y', true)
  const { left, width, top, height } = chart.bbox
  if (y < top || y > top + height) return
  chart.ctx.save()
  chart.ctx.setLineDash([6, 5])
  chart.ctx.strokeStyle = '#888'
  chart.ctx.beginPath()
  chart.ctx.moveTo(left, y)
  chart.ctx.lineTo(left + width, y)
  chart.ctx.stroke()
  chart.ctx.restore()
}
