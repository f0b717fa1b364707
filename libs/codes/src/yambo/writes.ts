import type { CodeWrites } from '../code-writes.ts'
import { yamboArtefactFault } from './artefacts.ts'
import { REMEDIES } from './remedies.ts'
import { restartYambo } from './restart.ts'
import { prepareYambo, type Upstream } from './write/prepare.ts'

/** How jobs of YAMBO 4 and 5 are made, run and mended, on states that another code makes in the same job. */
export const yamboWritesOn = (upstream: Upstream): CodeWrites => ({
  code: 'yambo',
  prepare: (task) => prepareYambo(task, upstream),
  remedies: REMEDIES,
  artefactFault: yamboArtefactFault,
  restart: restartYambo,
})
