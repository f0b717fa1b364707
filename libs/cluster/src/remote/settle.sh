# settle.sh SPOOL DAY TOKEN...
# Puts the sentinels of these attempts aside.
set -u
cd "$1" && mkdir -p "done/$2" || exit 1
day=$2
shift 2
entries=
for token in "$@"; do
  for entry in "$token".*; do
    [ ! -f "$entry" ] || entries="$entries$entry
"
  done
done
# shellcheck disable=SC2016
[ -z "$entries" ] || printf '%s' "$entries" | tr '\n' '\0' | xargs -0 sh -c 'day=$1; shift; mv -- "$@" "done/$day/"' sh "$day"
