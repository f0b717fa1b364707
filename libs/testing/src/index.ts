export { corpusFolder, describeWithCorpus, itWithCorpus } from './corpus.ts'
export { mongoUrl, natsReplicas, natsUrl, testDatabase, testPrefix } from './servers.ts'
export { specFor } from './spec-for.ts'
export { waitUntil } from './wait-until.ts'
