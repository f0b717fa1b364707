# withdraw.sh ROOT [TOKEN DIR INDEX]...
# Withdraws tickets of pilots, unless a pilot has taken them: `ticket TOKEN withdrawn`, or who took it.
set -u
cd "$1" || exit 1
shift
while [ $# -gt 0 ]; do
  mkdir -p "$2/decided" && printf 'withdrawn\n' >"$2/decided/.withdrawn" || exit 1
  ln "$2/decided/.withdrawn" "$2/decided/$3" 2>/dev/null
  who=
  read -r who <"$2/decided/$3"
  printf 'ticket %s %s\n' "$1" "$who"
  shift 3
done
