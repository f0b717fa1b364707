/** Where the queue's program lies; libs/cluster puts it there when it takes the root. */
export const helperPath = (root: string): string => `${root}/.queue/queue.sh`

export const helper = (root: string, command: string, ...args: readonly string[]): readonly string[] => [
  'sh',
  helperPath(root),
  command,
  ...args,
]

/** Between the fields of a record. */
export const SEPARATOR = '\x1f'
