# look.sh ROOT [TOKEN DIR CLAIMED INDEX]...
# What attempt folders say, and those that were claimed for them (their own, or their batch's), in lines `KEY WORDS…` after a
# line `@ TOKEN`; `now` and `mtime` lines come first.
set -u
cd "$1" || exit 1
shift
date +'now %s.%N'

# Whole lines only: of a number that is being written the last digits may lack
put() { # KEY FILE
  [ -f "$2" ] || return 0
  while IFS= read -r line; do printf '%s %s\n' "$1" "$line"; done <"$2"
}

# $3, $7, … are folders; all their claims go into one stat
claims_of() {
  claims=
  while [ $# -gt 0 ]; do
    for claim in "$3"/.crystalmath/claim.*; do
      [ ! -d "$claim" ] || claims="$claims$claim
"
    done
    shift 4
  done
  [ -z "$claims" ] || printf '%s' "$claims" | tr '\n' '\0' | xargs -0 stat -c 'mtime %Y %n' --
}
claims_of "$@"

while [ $# -gt 0 ]; do
  printf '@ %s\n' "$1"
  state=$2/.crystalmath batch=$3 claimed=$3/.crystalmath ticket=$3/decided/$4
  shift 4
  [ ! -d "$state" ] || echo exists
  for claim in "$claimed"/claim.*; do
    [ -d "$claim" ] || continue
    printf 'claim %s %s\n' "${claim##*.}" "$claim"
    put said "$claim/out"
    put refused "$claim/refused"
  done
  put id "$claimed/job.id"
  put ticket "$ticket"
  if [ -e "$batch/closed" ] || [ -e "$batch/pilot/closed" ]; then echo closed; fi
  [ -d "$state" ] || continue
  for batch in "$state"/claim.*/batch; do put batch "$batch"; done
  put lock "$state/lock"
  put start "$state/start"
  put end "$state/end"
  [ ! -e "$state/cancel" ] || echo cancel
  for other in "$state"/duplicate.* "$state"/requeued.*; do
    [ ! -f "$other" ] || printf 'other %s\n' "${other##*/}"
  done
done
