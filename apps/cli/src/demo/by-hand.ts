import { EV_PER_RYDBERG } from '@crystalmath/contract'
import type { Testbed } from '@crystalmath/testbed'

/** What plain pw.x prints on the inputs that the platform staged, run by hand in another folder; eV. Knows nothing of our readers. */
export type ByHand = { readonly energyEv: number | null; readonly output: string }

/**
 * Copies the inputs of each attempt beside it and runs pw.x on them, in one login.
 * The energy is taken by `sed` from pw.x's own line `!    total energy = … Ry`.
 */
export async function runByHand(site: Testbed, folders: ReadonlyMap<string, string>): Promise<ReadonlyMap<string, ByHand>> {
  const answers = new Map<string, ByHand>()
  await Promise.all(
    [...folders].map(async ([id, folder]) => {
      const { stdout } = await site.login(`sh -s '${folder}'`, SCRIPT)
      const [, rydberg] = /^! *total energy *= *(-?[0-9.]+) Ry/m.exec(stdout) ?? []
      answers.set(id, { energyEv: rydberg === undefined ? null : Number(rydberg) * EV_PER_RYDBERG, output: stdout })
    }),
  )
  return answers
}

const SCRIPT = `set -eu
here=$HOME/by-hand/$(basename "$(dirname "$1")").$(basename "$1")
rm -rf "$here"
mkdir -p "$here"
cp -r "$1"/pw.in "$1"/pseudo "$here"
cd "$here"
export OMP_NUM_THREADS=1 OMPI_MCA_mpi_yield_when_idle=1
pw.x -in pw.in 2>&1
`
