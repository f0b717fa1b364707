/** What the gateway refused, in its own words. */
export class ApiError extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

const KEY = 'crystalmath-token'

/** The token of this browser tab; null: nobody is signed in. A link may bring one behind `#token=`, which servers never see. */
export function token(): string | null {
  const [, brought] = /^#token=([\x21-\x7e]+)$/.exec(location.hash) ?? []
  if (brought !== undefined) {
    sessionStorage.setItem(KEY, decodeURIComponent(brought))
    history.replaceState(null, '', '#/')
  }
  return sessionStorage.getItem(KEY)
}
export const signIn = (text: string): void => sessionStorage.setItem(KEY, text)
export const signOut = (): void => sessionStorage.removeItem(KEY)

/** One request with the token; throws `ApiError` with what the problem document says. */
export async function ask(
  path: string,
  init: Omit<RequestInit, 'headers'> & { readonly headers?: Readonly<Record<string, string>> } = {},
): Promise<Response> {
  const response = await fetch(path, { ...init, headers: { ...init.headers, authorization: `Bearer ${token() ?? ''}` } })
  if (response.ok) return response
  throw new ApiError(response.status, await problemIn(response))
}

async function problemIn(response: Response): Promise<string> {
  const text = await response.text()
  try {
    const {
      title,
      detail,
      errors = [],
    } = JSON.parse(text) as { title?: string; detail?: string; errors?: readonly { message: string }[] }
    return [title, detail, ...errors.map(({ message }) => message)].filter(Boolean).join(': ')
  } catch {
    return `${response.status} ${response.statusText}`
  }
}

export const get = async <T>(path: string, signal?: AbortSignal): Promise<T> =>
  (await ask(path, signal === undefined ? {} : { signal })).json() as Promise<T>

/** A change; its own key makes a repetition by the network harmless. */
export async function post(path: string, body: unknown = {}): Promise<void> {
  const key = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  await ask(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify(body),
  })
}

/** Saves an answer as a file of the reader's; browsers cannot send the token with a plain link. */
export async function download(path: string, name: string): Promise<void> {
  const url = URL.createObjectURL(await (await ask(path)).blob())
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}
