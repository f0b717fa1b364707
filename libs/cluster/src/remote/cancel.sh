# cancel.sh ROOT DIRS LISTS [DIR]... [WORD]... [WORD]...
# Writes the cancel files of DIRS folders, then kills what bears their names: LISTS words print the ids, the rest kills them.
set -u
root=$1 dirs=$2 lists=$3
shift 3
while [ "$dirs" -gt 0 ]; do
  mkdir -p "$root/$1/.crystalmath" && : >"$root/$1/.crystalmath/cancel" || exit 4
  shift
  dirs=$((dirs - 1))
done
i=1 words=
while [ "$i" -le "$lists" ]; do
  words="$words \"\${$i}\""
  i=$((i + 1))
done
ids=$(eval "timeout 25 $words") || { echo 'the queue could not be listed' >&2; exit 3; }
[ -n "$ids" ] || exit 0
shift "$lists"
# shellcheck disable=SC2086 # one word per id
timeout 25 "$@" $ids
