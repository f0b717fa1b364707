/** Handed on to the daemons and commands: the PATH above all. */
export const environment = (): NodeJS.ProcessEnv => process.env
