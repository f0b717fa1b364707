import type { Demand } from './estimate.ts'

/** Everything that one attempt needs on the cluster, as data. */
export type Preparation = {
  readonly files: readonly { readonly path: string; readonly text: string }[]
  /** Files of the cluster's own that are copied in before the run (pseudopotentials), absolute paths, with the MD5 they must have where known. */
  readonly clusterFiles: readonly { readonly from: string; readonly to: string; readonly md5: string | null }[]
  /** Programs run one after the other; the first that fails ends the run. */
  readonly steps: readonly Step[]
  /** File whose appearance asks the code to stop at its next chance (`prefix.EXIT`, `STOPCAR`); null where there is none. */
  readonly stopFile: { readonly path: string; readonly text: string } | null
  /** Globs, relative to the attempt's directory, of outputs to fetch and keep. */
  readonly keep: readonly string[]
  /** The file or directory (relative) that the parser reads; `.` for the whole. */
  readonly parse: string
  /** Where the code gets the atoms in another order than submitted: entry i is the submitted index (from 0) of written atom i. Absent: as submitted. */
  readonly atomOrder?: readonly number[]
  /** The preset in force with its version, `moderate@1`. Absent where the code has none. */
  readonly preset?: string
  /** What it will need. Absent where no law of the code's tells it. */
  readonly demand?: Demand
  readonly warnings: readonly string[]
}

export type Step = {
  /** `pw.x`: looked up in the cluster's executables. */
  readonly program: string
  readonly args: readonly string[]
  readonly stdin: string | null
  readonly stdout: string
  /** Where its standard error goes; the name of `stdout` for one file of both. Absent: with the job's own. */
  readonly stderr?: string
  /** Whether the launcher (mpirun, srun) goes before it. */
  readonly parallel: boolean
}
