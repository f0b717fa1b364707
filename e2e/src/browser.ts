import { existsSync } from 'node:fs'
import puppeteer, { type Browser, type Page } from 'puppeteer-core'

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'] as const

/** Where this machine's Chromium lies; null: it has none (Ubuntu has it as a snap only). */
export const chromium = (): string | null => PLACES.find((path) => existsSync(path)) ?? null

/** A real browser without a window; it draws in three dimensions by software. `troubles` collects what its pages complained of. */
export async function openBrowser(
  executablePath: string,
): Promise<{ browser: Browser; page: Page; troubles: readonly string[] }> {
  const browser = await puppeteer.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
    defaultViewport: { width: 1280, height: 900 },
  })
  const page = await browser.newPage()
  const troubles: string[] = []
  page.on('pageerror', (error) => troubles.push(String(error)))
  page.on('dialog', (dialog) => {
    troubles.push(`a dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('console', (line) => {
    if (line.type() === 'error' && !line.text().includes('401')) troubles.push(line.text())
  })
  return { browser, page, troubles }
}
