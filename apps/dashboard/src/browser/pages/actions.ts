import { h, replace } from '../dom.ts'

/** A button: what it says, what it does, what is asked before. */
export type Action = readonly [name: string, run: () => Promise<void>, confirm?: string]

/** Buttons in a row; what goes wrong is told below them. */
export function actions(list: readonly Action[]): HTMLElement {
  const trouble = h('div', { 'aria-live': 'polite' })
  const click = (run: () => Promise<void>, question: string | undefined) => async (event: Event) => {
    if (question !== undefined && !confirm(question)) return
    const button = event.currentTarget
    if (button instanceof HTMLButtonElement) button.disabled = true
    replace(trouble)
    await run().catch((error: unknown) =>
      replace(trouble, h('p', { class: 'notice error', role: 'alert' }, error instanceof Error ? error.message : String(error))),
    )
    if (button instanceof HTMLButtonElement) button.disabled = false
  }
  const buttons = list.map(([name, run, question]) =>
    h(
      'button',
      {
        type: 'button',
        class: question === undefined ? undefined : 'danger',
        click: (event) => void click(run, question)(event),
      },
      name,
    ),
  )
  return h('div', {}, h('p', { class: 'row' }, buttons), trouble)
}
