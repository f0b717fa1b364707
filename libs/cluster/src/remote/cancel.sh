# cancel.sh ROOT DIRS LISTS KEYS [DIR]... [WORD]... [KEY]... [WORD]...
# Writes the cancel files of DIRS folders, then kills what bears their names: LISTS words print ids, alone or with a name behind;
# the rest kills them. A KEY is a name, or NAME_INDEX for one member of an array.
set -u
root=$1 dirs=$2 lists=$3 keys=$4
shift 4
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
wanted=
while [ "$keys" -gt 0 ]; do
  wanted="$wanted $1"
  shift
  keys=$((keys - 1))
done
ids=$(printf '%s\n' "$ids" | WANTED=$wanted awk '
  BEGIN { n = split(ENVIRON["WANTED"], words, " "); for (i = 1; i <= n; i++) wanted[words[i]] = 1 }
  { key = $2; if (match($1, /_[0-9]+$/)) key = key substr($1, RSTART) }
  NF == 1 || key in wanted { print $1 }')
[ -n "$ids" ] || exit 0
# shellcheck disable=SC2086 # one word per id
timeout 25 "$@" $ids
