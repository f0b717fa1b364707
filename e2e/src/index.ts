export { chromium, openBrowser } from './browser.ts'
export { judgeLedger, ledgerScript, readLedger } from './ledger.ts'
export { openStage, SCALED_DOWN, type Stage, type StageOptions, scriptJob } from './stage.ts'
