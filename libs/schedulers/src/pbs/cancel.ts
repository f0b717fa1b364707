import type { CancelWords, Who } from '../scheduler.ts'

const BY_NAME = 'account=$1; shift; for name in "$@"; do qselect -u "$account" -N "$name" || exit; done'

export const cancel = ({ account, tokens }: Who): CancelWords => ({
  list: ['sh', '-c', BY_NAME, 'sh', account, ...tokens],
  kill: ['qdel'],
})
