import { ask } from '../api.ts'
import { h, replace } from '../dom.ts'
import { scatter } from '../plots/scatter.ts'
import { type Axes, numericColumns, pointsOf, type Row, usualAxes } from './columns.ts'

/** So many rows are drawn, the first of the table. */
const DRAWN = 1_000
/** Rows bring their results along: while jobs go on they are asked for no more often. */
const STANDS_MS = 15_000

/** Completed rows as points, one column over another; the reader chooses the columns. Lives as long as its page. */
export function campaignPlot(path: string): { readonly panel: HTMLElement; refresh(completed: number): Promise<void> } {
  let rows: readonly Row[] = []
  let drawn = { count: -1, at: Number.NEGATIVE_INFINITY }
  let chosen: Partial<Axes> = {}
  const panel = h('section', { class: 'panel' })
  const draw = (): void => {
    const names = numericColumns(rows)
    const axes = { ...usualAxes(rows), ...chosen }
    const select = (axis: keyof Axes) =>
      h(
        'select',
        { 'aria-label': `column along ${axis}`, change: choose(axis) },
        names.map((name) => h('option', { value: name, selected: name === axes[axis] }, name)),
      )
    const caption = rows.length < DRAWN ? '' : `the first ${DRAWN} completed rows of the table`
    replace(
      panel,
      h('h2', {}, 'Results'),
      names.length === 0
        ? h(
            'p',
            { class: 'soft' },
            rows.length === 0 ? 'no job is completed yet' : 'no column of numbers differs among the results',
          )
        : h('div', {}, h('p', {}, select('y'), ' over ', select('x')), scatter(pointsOf(rows, axes), axes.x, axes.y, caption)),
    )
  }
  const choose = (axis: keyof Axes) => (event: Event) => {
    chosen = { ...chosen, [axis]: (event.target as HTMLSelectElement).value }
    draw()
  }
  return {
    panel,
    async refresh(completed) {
      if (completed === drawn.count || performance.now() - drawn.at < STANDS_MS) return
      drawn = { count: completed, at: performance.now() }
      rows = completed === 0 ? [] : await firstRows(`${path}/export?format=jsonl&word=completed`)
      draw()
    },
  }
}

/** Reads no further than is drawn. */
async function firstRows(path: string): Promise<readonly Row[]> {
  const { body } = await ask(path)
  if (body === null) return []
  const reader = body.pipeThrough(new TextDecoderStream()).getReader()
  const rows: Row[] = []
  let rest = ''
  while (rows.length < DRAWN) {
    const { value, done } = await reader.read()
    const lines = (rest + (value ?? '')).split('\n')
    rest = done ? '' : (lines.pop() ?? '')
    rows.push(...lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Row))
    if (done) break
  }
  await reader.cancel()
  return rows.slice(0, DRAWN)
}
