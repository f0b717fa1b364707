import type { Command } from 'commander'
export const addUp = (program: Command): Command => program
