/** A variable of the job's environment as the shell expands it, with what stands for it where it is not set. */
export const variable = (name: string, fallback = ''): string => `\${${name}:-${fallback}}`
