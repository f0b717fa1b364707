import type {
  ClusterCode,
  ClusterInventory,
  CodeName,
  Demand,
  Effect,
  InputProblem,
  JobRequest,
  Preparation,
  Resources,
  Structure,
} from '@crystalmath/contract'

/** What inputs are rendered from. The structure is parsed and checked already; settings are the request's, with the changes of remedies merged in. */
export type Task = {
  readonly request: Omit<JobRequest, 'structure'>
  readonly structure: Structure | null
  readonly parameters: Readonly<Record<string, unknown>>
  /** In force: the request's with the changes of remedies. */
  readonly resources: Resources
  readonly clusterCode: ClusterCode
  readonly inventory: ClusterInventory
  /** Artefacts of an earlier attempt that this one begins from; null for a fresh start. */
  readonly restart: RestartPlan | null
}

/** Files of an earlier attempt, named one by one, that a next attempt may build on. */
export type RestartPlan = {
  readonly fromAttempt: number
  /** Paths relative to the attempt's directory: from there, to here. */
  readonly files: readonly { readonly from: string; readonly to: string }[]
  /** Settings that go with them. */
  readonly set: Readonly<Record<string, unknown>>
  /** Geometry to go on from, if another than the submitted one. */
  readonly structure: Structure | null
  readonly because: string
}

/** A mend for one diagnosis. Rules are data. */
export type Remedy = {
  readonly name: string
  readonly effect: Effect
  /** How often this remedy may be used for one job. */
  readonly limit: number
  /** Settings merged into the parameters; functions of the present value are not data: use `scale`. */
  readonly set?: Readonly<Record<string, unknown>>
  /** Parameter (dotted path) → factor on its present value; resources under `resources.`. */
  readonly scale?: Readonly<Record<string, number>>
  /** Least value that a scaled parameter then has: a tiny one is not merely doubled. */
  readonly least?: Readonly<Record<string, number>>
  /** What a next attempt begins from. */
  readonly restartFrom?: 'scratch' | 'charge-density' | 'checkpoint' | 'geometry'
  /** Why it helps, in one sentence. */
  readonly because: string
}

export type Prepared =
  | { readonly ok: true; readonly preparation: Preparation }
  | { readonly ok: false; readonly problems: readonly InputProblem[] }

/** What an ended attempt left, as the restart rules see it. */
export type Artefacts = {
  readonly attempt: number
  /** Relative path, bytes, of what is in the attempt's directory. */
  readonly files: readonly {
    readonly path: string
    readonly size: number
    /** First bytes, base64, of files whose headers tell whether they are whole. */
    readonly head?: string | undefined
    /** By the cluster's clock. */
    readonly modifiedSeconds?: number | undefined
  }[]
  /** When the attempt began to run, by the cluster's clock; null where unknown. */
  readonly startedSeconds?: number | null
  /** What the attempt's outputs say of itself, as far as they do. */
  readonly facts?: {
    readonly kPointCount: number | null
    readonly bandCount: number | null
    readonly spins: 1 | 2 | null
    readonly cutoffEv?: number | null
    readonly basisFunctionCount?: number | null
    readonly pseudopotentials?: readonly { readonly element: string; readonly title: string }[] | null
  }
  /** Settings in force while it ran. */
  readonly parameters?: Readonly<Record<string, unknown>>
  /** The attempt wrote its end sentinel and stopped by its own will. */
  readonly cleanStop: boolean
  readonly ranks: number
  readonly codeVersion: string | null
  readonly lastStructure: Structure | null
}

/** How inputs of one code are made, run, mended and continued. Pure. */
export type CodeWrites = {
  readonly code: CodeName
  /** Renders all files, or says everything that is wrong with the task, each with value and mend. */
  prepare(task: Task): Prepared
  /** How so many ranks are best shared out, as the code's own settings, and why. Absent: the code does it by itself. */
  shareOut?(
    demand: Demand,
    ranks: number,
    parameters: Readonly<Record<string, unknown>>,
  ): { readonly set: Readonly<Record<string, unknown>>; readonly groups: number; readonly because: string }
  /** Diagnosis kind → remedies, mildest first. */
  readonly remedies: Readonly<Record<string, readonly Remedy[]>>
  /** Named sets of settings that a job may ask for with `parameters.preset`. */
  readonly presets?: PresetTable
  /** Whether it starts from `initialMomentsBohr` of the structure. */
  readonly takesInitialMoments?: boolean
  /** What the code takes where a parameter is absent, by dotted path: remedies scale from it. */
  readonly defaults?: Readonly<Record<string, number>>
  /** The order in which the code gets the atoms, where it may be another than submitted: entry i is the submitted index of written atom i. */
  writtenOrder?(structure: Structure): readonly number[]
  /** Lines of input files that do not change what is computed: titles, wall times, how ranks are shared out. */
  readonly incidental?: RegExp
  /** What is wrong with a file that a restart would read, by its header; null where nothing is, or where it is none of those. */
  artefactFault?(file: Artefacts['files'][number], artefacts: Artefacts): string | null
  /** Which artefacts a next attempt may build on, or why none. */
  restart(task: Task, artefacts: Artefacts, from: NonNullable<Remedy['restartFrom']>): RestartPlan | { readonly refused: string }
}

/** The presets of a code by name. A version is never changed in what it renders; another rendering is another version. */
export type PresetTable = {
  /** In force where the parameters name none. */
  readonly usual: string
  readonly versions: Readonly<Record<string, string>>
  /** Names of earlier releases or of the source's own classes → names now. */
  readonly formerly?: Readonly<Record<string, string>>
}
