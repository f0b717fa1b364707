/** Fills the page and keeps it fresh until `signal` ends. `part` is what follows the page's name in the address. */
export type Page = (root: HTMLElement, part: string, query: URLSearchParams, signal: AbortSignal) => Promise<void>
