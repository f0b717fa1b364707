import type { CancelWords, Who } from '../scheduler.ts'

/** Not all have `qselect`; 153: there is no job at all. */
const BY_NAME = `account=$1
shift
all=$(qstat -f) || [ $? -eq 153 ] || exit 1
printf '%s\\n' "$all" | awk -v account="$account" -v names="$*" '
BEGIN { count = split(names, list, " "); for (i = 1; i <= count; i++) wanted[list[i]] = 1 }
/^Job Id:/ { id = $3 }
$1 == "Job_Name" { name = $3 }
$1 == "Job_Owner" { split($3, owner, "@") }
$1 == "job_state" { if ((name in wanted) && owner[1] == account && $3 != "C") print id }'`

export const cancel = ({ account, tokens }: Who): CancelWords => ({
  list: ['sh', '-c', BY_NAME, 'sh', account, ...tokens],
  kill: ['qdel'],
})
