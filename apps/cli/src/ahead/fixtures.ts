import { globSync } from 'node:fs'
import { join } from 'node:path'

/** Small outputs of several codes that come with the sources. */
export const fixtures = (): readonly string[] =>
  globSync(join(import.meta.dirname, '../../../../libs/codes/src/*/read/__fixtures__/**/*'), { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort()
