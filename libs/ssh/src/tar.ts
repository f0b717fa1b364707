import { once } from 'node:events'
import tar from 'tar-stream'

/** A file, or a symbolic link. */
export type Packed =
  | { readonly path: string; readonly content: string | Uint8Array; readonly mode?: number }
  | { readonly path: string; readonly link: string }

/** Entries as a tar stream, made as fast as it is read. */
export async function* packed(entries: Iterable<Packed>): AsyncGenerator<Buffer> {
  const pack = tar.pack()
  const fill = async () => {
    for (const entry of entries) {
      if ('link' in entry) {
        pack.entry({ name: entry.path, type: 'symlink', linkname: entry.link })
        continue
      }
      const { path, content, mode } = entry
      const bytes = typeof content === 'string' ? Buffer.from(content) : Buffer.from(content)
      await new Promise<void>((resolve, reject) => {
        pack.entry({ name: path, size: bytes.length, mode: mode ?? 0o644 }, bytes, (error) => (error ? reject(error) : resolve()))
      })
    }
    pack.finalize()
  }
  fill().catch((error: unknown) => pack.destroy(error instanceof Error ? error : new Error(String(error))))
  for await (const chunk of pack) if (Buffer.isBuffer(chunk)) yield chunk
}

export type Unpacking = {
  /** False: wait for `afterDrain`. */
  write(chunk: Buffer): boolean
  afterDrain(then: () => void): void
  /** Waits for the last entry; of a torn stream the entries before the tear have been given. */
  end(complete: boolean): Promise<void>
}

/** Gives each regular file of a tar stream once it is whole. */
export function unpack(onEntry: (path: string, content: Uint8Array) => Promise<void>): Unpacking {
  const extract = tar.extract()
  let failure: unknown
  extract.on('entry', (header, stream, next) => {
    const chunks: Buffer[] = []
    stream.on('data', (chunk) => {
      if (Buffer.isBuffer(chunk)) chunks.push(chunk)
    })
    stream.once('end', () => {
      const given = header.type === 'file' ? onEntry(header.name, Buffer.concat(chunks)) : Promise.resolve()
      given.then(
        () => next(),
        (error: unknown) => {
          failure ??= error
          next(error instanceof Error ? error : new Error(String(error)))
        },
      )
    })
  })
  const finished = once(extract, 'finish').catch((error: unknown) => {
    failure ??= error
  })
  return {
    write: (chunk) => extract.write(chunk),
    afterDrain: (then) => void extract.once('drain', then),
    async end(complete) {
      if (complete) extract.end(undefined)
      else extract.destroy()
      if (complete) await finished
      if (failure !== undefined) throw failure
    },
  }
}
