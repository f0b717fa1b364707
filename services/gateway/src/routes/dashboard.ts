import { dashboardFile } from '@crystalmath/dashboard'
import { notFound } from '../http/problem.ts'
import { type Answer, type Route, route } from '../http/route.ts'

/** A browser asks again each time and is told that nothing changed: a new release is seen at once. */
async function answerFile(name: string, seen: string | undefined): Promise<Answer> {
  const file = await dashboardFile(name)
  if (file === null) throw notFound(`there is no ${name} in the dashboard`)
  const headers = { etag: file.etag, 'cache-control': 'no-cache' }
  return seen === file.etag ? { status: 304, headers } : { status: 200, bytes: file, headers }
}

/** The pages for people; they know the platform by the same API as everybody, with the reader's token. */
export const dashboardRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/',
    tag: 'about',
    summary: 'The dashboard: campaigns, jobs and results as pages',
    allow: 'anyone',
    answers: { 200: { description: 'A page', type: 'text/html' } },
    handle: ({ header }) => answerFile('index.html', header('if-none-match')),
  }),
  route({
    method: 'get',
    path: '/ui/{file+}',
    tag: 'about',
    summary: 'Styles and scripts of the dashboard',
    allow: 'anyone',
    answers: { 200: { description: 'A file', type: '*/*' } },
    handle: ({ params, header }) => answerFile(params['file'] ?? '', header('if-none-match')),
  }),
]
