import type { Structure } from '@crystalmath/contract'
import { h } from '../dom.ts'

/** The part of 3Dmol.js (BSD-3-Clause) that is used here. */
type Viewer = {
  addModel(text: string, format: string): { setCrystMatrix(matrix: object): void }
  addUnitCell(model: unknown, style: object): void
  setStyle(selection: object, style: object): void
  zoomTo(): void
  render(): void
  resize(): void
}
type Library = {
  createViewer(element: HTMLElement, options: object): Viewer | null
  /** Row by row. */
  readonly Matrix3: new (
    ...elements: readonly number[]
  ) => object
}
declare global {
  interface Window {
    readonly $3Dmol?: Library
  }
}

let loading: Promise<Library> | undefined
const library = (): Promise<Library> => {
  loading ??= new Promise((resolve, reject) => {
    const load = (): void => (window.$3Dmol === undefined ? reject(new Error('3Dmol.js did not start')) : resolve(window.$3Dmol))
    document.head.append(
      h('script', { src: '/ui/libraries/3Dmol.js', load, error: () => reject(new Error('3Dmol.js did not load')) }),
    )
  })
  return loading
}

/** Atoms as balls, bonds as sticks, the cell as a box; turned and zoomed with the mouse. Says so where the browser cannot draw in three dimensions. */
export function structure3d(structure: Structure): HTMLElement {
  const place = h('div', { class: 'structure', role: 'img', 'aria-label': 'the structure in three dimensions' })
  const draw = async (): Promise<void> => {
    const { createViewer, Matrix3 } = await library()
    const viewer = createViewer(place, { backgroundAlpha: 0 })
    if (viewer === null) throw new Error('this browser draws nothing in three dimensions (no WebGL)')
    const model = viewer.addModel(toXyz(structure), 'xyz')
    if (structure.latticeAngstrom !== null) {
      const rows = structure.latticeAngstrom
      // the lattice vectors are its columns
      model.setCrystMatrix(new Matrix3(...[0, 1, 2].flatMap((j) => rows.map((row) => row[j] ?? 0))))
      viewer.addUnitCell(model, { box: { color: '#888888' } })
    }
    viewer.setStyle({}, { sphere: { scale: 0.28 }, stick: { radius: 0.1 } })
    viewer.zoomTo()
    viewer.render()
    new ResizeObserver(() => viewer.resize()).observe(place)
  }
  // it needs its size, so it is drawn when it stands on the page
  new IntersectionObserver(([seen], observer) => {
    if (seen?.isIntersecting !== true) return
    observer.disconnect()
    draw().catch((error: unknown) =>
      place.replaceChildren(h('p', { class: 'soft' }, error instanceof Error ? error.message : String(error))),
    )
  }).observe(place)
  return place
}

const toXyz = ({ species, positionsAngstrom }: Structure): string =>
  [species.length, '', ...species.map((element, i) => [element, ...(positionsAngstrom[i] ?? [])].join(' '))].join('\n')
