import type { JobRequestInput, Structure, Vector3 } from '@crystalmath/contract'

/** Atoms along ±x by this much, Å. */
export const DISPLACEMENT_ANGSTROM = 0.02

export type DemoJob = { readonly role: 'volume' | 'displaced' | 'metal' | 'to-repair'; readonly request: JobRequestInput }

/** Numbers between 0 and 1 from a seed (mulberry32), so that a demo can be repeated and none can be hard-coded. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

const fcc = (a: number): [Vector3, Vector3, Vector3] => [
  [0, a / 2, a / 2],
  [a / 2, 0, a / 2],
  [a / 2, a / 2, 0],
]

/** Diamond silicon; `shift` moves the second atom, Å. */
export const silicon = (a: number, shift: Vector3 = [0, 0, 0]): Structure => ({
  latticeAngstrom: fcc(a),
  species: ['Si', 'Si'],
  positionsAngstrom: [
    [0, 0, 0],
    [a / 4 + shift[0], a / 4 + shift[1], a / 4 + shift[2]],
  ],
})

/** The jobs of the demo: seven volumes, two displaced atoms, a metal, and one that must be repaired. */
export function demoJobs({
  project,
  cluster,
  seed,
}: {
  readonly project: string
  readonly cluster: string
  readonly seed: number
}): readonly DemoJob[] {
  const random = randomFrom(seed)
  const jitter = (size: number) => (random() * 2 - 1) * size
  const job = (role: DemoJob['role'], name: string, structure: Structure, parameters: Record<string, unknown>): DemoJob => ({
    role,
    request: {
      project,
      cluster,
      code: 'quantum-espresso',
      name,
      structure,
      parameters,
      resources: { ranks: 1, memoryMebibytes: 700, walltimeSeconds: 300 },
      labels: { demo: role, seed: String(seed) },
    },
  })
  const si = {
    calculation: 'scf',
    cutoffRydberg: 40,
    kMesh: [6, 6, 6],
    kShift: [1, 1, 1],
    smearing: null,
    pseudopotentials: { Si: 'Si.pz-vbc.UPF' },
    electrons: { conv_thr: 1e-10 },
  }
  const volumes = [-3, -2, -1, 0, 1, 2, 3].map((i) => {
    const a = 5.4 * (1 + 0.01 * i) + jitter(0.004)
    return job('volume', `Si a=${a.toFixed(4)}`, silicon(a), si)
  })
  // without symmetry every k point counts: a smaller mesh, the same for energies and forces
  const small = { ...si, cutoffRydberg: 24, kMesh: [2, 2, 2] }
  const a = 5.4 + jitter(0.01)
  const other = jitter(0.05)
  const displaced = [-1, 1].map((sign) =>
    job(
      'displaced',
      `Si x${sign > 0 ? '+' : '-'}${DISPLACEMENT_ANGSTROM}`,
      silicon(a, [0.1 + sign * DISPLACEMENT_ANGSTROM, other, 0]),
      small,
    ),
  )
  const centre = job('displaced', 'Si x0', silicon(a, [0.1, other, 0]), small)
  const aluminium: Structure = { latticeAngstrom: fcc(3.97 + jitter(0.02)), species: ['Al'], positionsAngstrom: [[0, 0, 0]] }
  const metal = job('metal', 'Al smeared', aluminium, {
    calculation: 'scf',
    cutoffRydberg: 20,
    kMesh: [8, 8, 8],
    kShift: [1, 1, 1],
    smearing: { kind: 'gaussian', widthEv: 0.3 },
    pseudopotentials: { Al: 'Al.pz-vbc.UPF' },
  })
  const broken = job('to-repair', 'Si maxstep=3', silicon(5.43 + jitter(0.01), [0.05, 0.02, 0]), {
    ...small,
    electrons: { conv_thr: 1e-10, electron_maxstep: 3 },
  })
  return [...volumes, ...displaced, centre, metal, broken]
}
