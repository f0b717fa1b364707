import { mdLog } from './md-log.ts'
import { optimizerLog } from './optimizer-log.ts'

export const readers = { optimizerLog, mdLog }
