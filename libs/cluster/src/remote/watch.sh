# watch.sh SPOOL
# For each line on stdin lists the spool and prints what was not printed before: `> NAME`, its lines after `| `, and at last `.`.
# Ends with its stdin, so with the connection. A line costs one process: the removal of a file of our own, which makes a
# shared file system look again at the folder.
set -u
cd "$1" || exit 1
poke=.watch.$$

# A variable's name for an entry: its parts without dots and dashes
key_of() {
  set -f
  IFS=.-
  # shellcheck disable=SC2086
  set -- $1
  IFS=_
  key="$*"
  unset IFS
  set +f
}

printed=0
while read -r _; do
  { : >"$poke"; } 2>/dev/null && rm -f "$poke"
  for name in *; do
    key_of "$name"
    case $key in '' | *[!A-Za-z0-9_]*) continue ;; esac
    eval "[ -z \"\${seen_$key-}\" ]" || continue
    [ -f "$name" ] || continue
    printf '> %s\n' "$name"
    while IFS= read -r line || [ -n "$line" ]; do printf '| %s\n' "$line"; done <"$name"
    eval "seen_$key=1"
    printed=$((printed + 1))
  done
  echo .
  [ "$printed" -lt 100000 ] || exit 0
done
