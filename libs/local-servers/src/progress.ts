/** Hears one line for each step that takes long. */
export type Progress = (line: string) => void
