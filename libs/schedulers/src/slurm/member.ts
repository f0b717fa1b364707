import type { Resources } from '@crystalmath/contract'

/** What `srun` reads where its command line says nothing: without that each member's would start as many tasks as the whole allocation has, and wait for its
 * other steps to end. Of an outer `srun` it would take the binding. */
export function asMember({ ranks, threadsPerRank, memoryMebibytes }: Resources): string {
  const own = `SLURM_NNODES=1 SLURM_NTASKS=${ranks} SLURM_NPROCS=${ranks} SLURM_CPUS_PER_TASK=${threadsPerRank} SRUN_CPUS_PER_TASK=${threadsPerRank} SLURM_EXACT=1`
  const memory = memoryMebibytes === undefined ? '' : ` SLURM_MEM_PER_NODE=${memoryMebibytes}`
  const outer =
    'SLURM_MEM_PER_CPU SLURM_NTASKS_PER_NODE SLURM_CPU_BIND SLURM_CPU_BIND_LIST SLURM_CPU_BIND_TYPE SLURM_CPU_BIND_VERBOSE SLURM_DISTRIBUTION'
  return `unset ${outer}; export ${own}${memory}`
}
