import { describe, expect, it } from 'vitest'
import { dashboardFile } from './index.ts'

describe('a file of the dashboard', () => {
  it('is a script without types, whose imports a browser can follow', async () => {
    const file = await dashboardFile('plots/lines.ts')
    expect(file?.type).toContain('text/javascript')
    const imports = [...(file?.content.toString() ?? '').matchAll(/^import .* from '([^']+)'/gm)].map(([, from]) => from)
    expect(imports).toEqual(['/ui/libraries/uPlot.js', '../dom.ts'])
    expect(file?.content.toString()).not.toContain('readonly')
  })

  it('is a library as its package ships it', async () => {
    for (const name of ['libraries/3Dmol.js', 'libraries/uPlot.js', 'libraries/uPlot.css'])
      expect((await dashboardFile(name))?.content.length, name).toBeGreaterThan(1_000)
  })

  it.each(['../index.ts', '../../package.json', 'pages/none.ts', '', 'pages'])('is nothing else: %s', async (name) => {
    expect(await dashboardFile(name)).toBeNull()
  })
})
