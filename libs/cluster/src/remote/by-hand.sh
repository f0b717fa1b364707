# --- before pilot.sh, where a person starts it: inside an allocation of his own, whose name it takes so that listings tell of it ----
# [--max-jobs N] [--slots N]. TERM or HUP, or Ctrl-C twice: members are told to end and go on in their next attempt; Ctrl-C once:
# they run to their end. Whoever has not begun goes elsewhere.
set -u
cd "$directory" || exit 78
tell() { echo "crystalmath: $*" >&2; }
while [ $# -gt 0 ]; do
  case $1:${2-} in
    --max-jobs:[1-9]*) most=$2 ;;
    --slots:[1-9]*) slots=$2 ;;
    *) tell "\"$*\" is not understood: --max-jobs N and --slots N are"; exit 64 ;;
  esac
  shift 2
done
id=${me%.*}
case $id in
  '' | none)
    tell 'this is no allocation; start it inside of one (salloc, or a script of your own for sbatch)'
    exit 78
    ;;
  *[!0-9]*)
    tell "$id is a member of an array, which cannot be named alone"
    exit 78
    ;;
esac
case $me in *.0) ;; *) tell "$me is not the first run of allocation $id; prepare another: crystalmath pilot"; exit 76 ;; esac
[ "$(id -un)" = "$account" ] || { tell "you are $(id -un); the platform works here as $account, and sees that account's allocations"; exit 78; }
if [ -z "$node" ]; then
  tell "this is not a node of allocation $id; start it there:"
  tell "  srun --overlap --disable-status --nodes 1 --ntasks 1 --cpus-per-task CORES sh $directory/pilot.sh"
  exit 78
fi
mkdir .crystalmath/started 2>/dev/null || { tell 'it was started already, and is started once; prepare another: crystalmath pilot'; exit 75; }

called() { name_of; }
old=$(called) && [ -n "$old" ] && rename "$name" && [ "$(called)" = "$name" ] || {
  rmdir .crystalmath/started
  tell "allocation $id could not be called $name, by which it is found in the queue; nothing was begun"
  exit 78
}
# the allocation may outlive a pilot that was killed without a word
beaten=
beat() {
  [ -z "$beaten" ] || [ $((now - beaten)) -ge 10 ] || return 0
  beaten=$now
  { printf '%s\n' "$now" >beat; } 2>/dev/null
}
# once nothing of ours is left in it, the allocation is its owner's again
leave() {
  rename "$old" || tell "allocation $id is still called $name"
  tell "$begun jobs were begun; allocation $id is yours again"
}
over_at=$(ends_at)
now_seconds=$(date +%s)
case $over_at in
  '' | *[!0-9]*) ;;
  *) [ $((over_at - now_seconds - margin)) -ge "$lifetime" ] || lifetime=$((over_at - now_seconds - margin)) ;;
esac
if [ "$slots" -eq 0 ]; then
  here=$(nproc 2>/dev/null || echo "$cores")
  slots=$((here / cores))
  memory_here=${SLURM_MEM_PER_NODE:-0}
  if [ "$memory" -gt 0 ] && [ "$memory_here" -gt 0 ] && [ $((memory_here / memory)) -lt "$slots" ]; then slots=$((memory_here / memory)); fi
fi
if [ "$slots" -lt 1 ] || [ "$lifetime" -lt "$member_seconds" ]; then
  rename "$old"
  rmdir .crystalmath/started
  tell "a job of this pilot takes $cores cores, $memory MiB and $member_seconds s at most; here are $(nproc) cores and $lifetime s"
  exit 78
fi
printf '%s\n' "$slots" >slots
printf '%s\n' "$id" >.crystalmath/id.new && mv .crystalmath/id.new .crystalmath/job.id || exit 74
tell "allocation $id takes jobs now, $slots side by side, for $lifetime s at most"
