import type { Settings } from './options.ts'
import type { Place } from './place.ts'
import type { Ports } from './ports.ts'

/** Cores and MiB that a node pretends to have. */
export const NODE_CORES = 8
export const NODE_MEBIBYTES = 4_000

export const nodeNames = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `c${index + 1}`)

/** slurm.conf for several slurmd on one host. What is Slurm's own default is left out: versions spell `none` in different ways. */
export function slurmConf(place: Place, settings: Settings, ports: Ports): string {
  const half = Math.floor(settings.nodes / 2)
  return [
    ...identity(place, settings, ports),
    ...scheduling(settings),
    ...(settings.memoryLimit === 'cgroup' ? CGROUPS : NO_CGROUPS),
    ...(settings.accounting ? accounting(place, settings, ports) : []),
    ...(settings.preemption ? ['PreemptType=preempt/qos', `PreemptMode=${settings.preemption}`] : []),
    ...(settings.enforcePartitionLimits ? ['EnforcePartLimits=ALL'] : []),
    `NodeName=c[1-${settings.nodes}] NodeHostname=localhost NodeAddr=127.0.0.1 Port=[${ports.nodes[0]}-${ports.nodes.at(-1)}] CPUs=${NODE_CORES} RealMemory=${NODE_MEBIBYTES} State=UNKNOWN`,
    `PartitionName=short Nodes=c[1-${half}] Default=YES MaxTime=00:10:00 DefaultTime=00:05:00 State=UP`,
    `PartitionName=long Nodes=c[${half + 1}-${settings.nodes}] MaxTime=1-00:00:00 DefaultTime=01:00:00 State=UP`,
    ...settings.slurmConf,
    '',
  ].join('\n')
}

const identity = (place: Place, settings: Settings, ports: Ports): readonly string[] => [
  `ClusterName=${settings.name}`,
  'SlurmctldHost=localhost(127.0.0.1)',
  `SlurmctldPort=${ports.slurmctld}`,
  // without it the daemons listen on every address of the machine
  'CommunicationParameters=NoCtldInAddrAny,NoInAddrAny',
  'SlurmUser=slurm',
  'SlurmdUser=root',
  'AuthType=auth/munge',
  `AuthInfo=socket=${place.mungeSocket}`,
  `StateSaveLocation=${place.root}/state`,
  `SlurmdSpoolDir=${place.root}/spool/%n`,
  `SlurmctldPidFile=${place.pids.slurmctld}`,
  `SlurmdPidFile=${place.pids.slurmd('%n')}`,
  `SlurmctldLogFile=${place.logs}/slurm/slurmctld.log`,
  `SlurmdLogFile=${place.logs}/slurm/slurmd.%n.log`,
  'SlurmctldDebug=info',
  'SlurmdDebug=info',
  'MailProg=/bin/true',
]

/** Slurm looks at the queue every 60 s by default, and at a new job after 3 s: here every second, and at once. */
const FAST = 'bf_interval=1,sched_interval=1,batch_sched_delay=0'

const scheduling = (settings: Settings): readonly string[] => [
  'MpiDefault=none',
  'SelectType=select/cons_tres',
  'SelectTypeParameters=CR_CPU_Memory',
  'DefMemPerCPU=256',
  // two real cores may be declared as several nodes of eight
  'SlurmdParameters=config_overrides',
  'SchedulerType=sched/backfill',
  `SchedulerParameters=${FAST}`,
  'ReturnToService=2',
  'KillWait=2',
  'SlurmctldTimeout=10',
  'SlurmdTimeout=10',
  `MinJobAge=${settings.minJobAgeSeconds}`,
  'MaxJobCount=20000',
  'MaxArraySize=10001',
  'InactiveLimit=0',
  'Waittime=0',
  'JobRequeue=1',
  'JobAcctGatherType=jobacct_gather/linux',
  'JobAcctGatherFrequency=task=1',
]

const CGROUPS = ['ProctrackType=proctrack/cgroup', 'TaskPlugin=task/cgroup']
const NO_CGROUPS = ['ProctrackType=proctrack/linuxproc', 'JobAcctGatherParams=OverMemoryKill']

const accounting = (place: Place, settings: Settings, ports: Ports): readonly string[] => [
  'AccountingStorageType=accounting_storage/slurmdbd',
  'AccountingStorageHost=localhost',
  `AccountingStoragePort=${ports.slurmdbd}`,
  // AuthInfo does not cover the connections to slurmdbd; the munge socket stands here once more
  `AccountingStoragePass=${place.mungeSocket}`,
  'AccountingStoreFlags=job_comment',
  ...(needsLimits(settings) ? ['AccountingStorageEnforce=associations,limits,qos'] : []),
]

/** Whether the user's association and QOS bind. */
export const needsLimits = (settings: Settings): boolean =>
  settings.maxSubmitJobs !== null || settings.maxRunningJobs !== null || settings.preemption !== null

/** cgroup.conf. Named explicitly: `autodetect` ends slurmd 22.05 where /sys/fs/cgroup is not mounted, and `disabled` is unknown to it. */
export const cgroupConf = (settings: Settings): string =>
  settings.memoryLimit === 'cgroup'
    ? 'CgroupPlugin=cgroup/v1\nCgroupMountpoint=/sys/fs/cgroup\nConstrainCores=no\nConstrainRAMSpace=yes\nAllowedSwapSpace=0\n'
    : 'CgroupPlugin=cgroup/v1\n'
