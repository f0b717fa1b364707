import { basename, dirname, join } from 'node:path'
import { rolldown } from 'rolldown'

/** Bundles a module with all that it imports into CommonJS chunks, one more for each dynamic import. Answers the files that went in. */
export async function bundle(module: string, folder: string): Promise<readonly string[]> {
  const build = await rolldown({
    input: join(import.meta.dirname, module),
    platform: 'node',
    external: /^h5wasm/, // megabytes of WebAssembly, for HDF5 alone
    logLevel: 'silent',
  })
  const { output } = await build.write({
    dir: folder,
    format: 'cjs',
    entryFileNames: '[name].cjs',
    chunkFileNames: ({ name, facadeModuleId }) => `${nameOf(name, facadeModuleId)}.cjs`,
  })
  await build.close()
  return output.flatMap((chunk) => (chunk.type === 'chunk' ? chunk.moduleIds : []))
}

/** `reads-orca`: most chunks that are loaded late are called `reads`. */
const nameOf = (name: string, module: string | null | undefined): string =>
  typeof module === 'string' && name === 'reads' ? `reads-${basename(dirname(module))}` : name
