// Once after the database was restored from a backup, while no service runs: raises the installation's epoch. From then on the scripts
// that the lost state left on clusters refuse, and nothing that it had claimed is claimed again.
import { readFileSync } from 'node:fs'
import { findInstallation, openStore, raiseEpoch } from '@crystalmath/store'
import { optional, variable } from './config.ts'

const file = optional('MONGODB_URL_FILE')
const store = await openStore({
  url: file === undefined ? variable('MONGODB_URL') : readFileSync(file, 'utf8').trim(),
  database: optional('MONGODB_DATABASE') ?? 'crystalmath',
  source: '/crystalmath/after-restore',
})
try {
  await raiseEpoch(store)
  const { installation, epoch } = await findInstallation(store)
  process.stdout.write(`installation ${installation} is now of epoch ${epoch}; start the services\n`)
} finally {
  await store.close()
}
