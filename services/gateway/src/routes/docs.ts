import { z } from 'zod'
import { ok, type Route, route } from '../http/route.ts'
import { describeApi, type OpenApi } from '../openapi.ts'

const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)

/** One page without scripts: what there is, and where the machine-readable document lies. */
function page({ info, paths }: OpenApi): string {
  const rows = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(
      ([method, operation]) =>
        `<tr><td><code>${method.toUpperCase()}</code></td><td><code>${escaped(path)}</code></td><td>${escaped(operation.summary)}${
          operation.description === undefined ? '' : `<br><small>${escaped(operation.description)}</small>`
        }</td></tr>`,
    ),
  )
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escaped(info.title)}</title>
<style>body{font:16px/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}td{padding:.3rem .8rem .3rem 0;vertical-align:top}small{color:#555}</style></head>
<body><h1>${escaped(info.title)}</h1><p>${escaped(info.description)}</p><p>Machine-readable: <a href="/openapi.json">/openapi.json</a> (OpenAPI 3.1).</p>
<table>${rows.join('\n')}</table></body></html>`
}

/** `/openapi.json` and `/docs`, made once of the table of routes. */
export function docsRoutes(api: readonly Route[]): readonly Route[] {
  let document: OpenApi | undefined
  const describe = (): OpenApi => {
    document ??= describeApi(api)
    return document
  }
  return [
    route({
      method: 'get',
      path: '/openapi.json',
      tag: 'about',
      summary: 'This API as OpenAPI 3.1',
      allow: 'anyone',
      answers: { 200: { description: 'The document', schema: z.unknown() } },
      handle: async () => ok(describe()),
    }),
    route({
      method: 'get',
      path: '/docs',
      tag: 'about',
      summary: 'This API as a page for people',
      allow: 'anyone',
      answers: { 200: { description: 'A page', type: 'text/html' } },
      handle: async () => ({ status: 200, bytes: { content: Buffer.from(page(describe())), type: 'text/html; charset=utf-8' } }),
    }),
  ]
}
