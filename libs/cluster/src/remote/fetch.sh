# fetch.sh ROOT MOST_BYTES [TOKEN DIR GLOBS GLOB...]...
# Regular files that match, as one tar stream on stdout. Files with pseudopotentials in them stay where they are, and so does
# what is larger than MOST_BYTES: `refused TOKEN PATH` on stderr.
set -u
cd "$1" || exit 1
most=$2
shift 2
newline='
'
names=
while [ $# -gt 0 ]; do
  token=$1 dir=$2 globs=$3
  shift 3
  while [ "$globs" -gt 0 ]; do
    glob=$1
    shift
    globs=$((globs - 1))
    # unquoted: the pattern is to be filled in
    for path in "$dir"/$glob; do
      { [ -f "$path" ] && [ ! -L "$path" ]; } || continue
      case $path in *"$newline"*) continue ;; esac
      case ${path##*/} in
        *[Pp][Oo][Tt][Cc][Aa][Rr]* | [Pp][Oo][Tt]_* | *[Pp][Ss][Cc][Tt][Rr]*)
          printf 'refused %s %s\n' "$token" "${path#"$dir/"}" >&2
          continue
          ;;
      esac
      names="$names$path$newline"
    done
  done
done
list() { printf '%s' "$names"; }

if [ -n "$names" ]; then
  # by content: the third line of a POTCAR; by size
  bad=$(list | tr '\n' '\0' | xargs -0 head -v -c 400 -- 2>/dev/null |
    awk '/^==> .* <==$/ { name = substr($0, 5, length($0) - 8) } /parameters from PSCTR are/ { print name }')
  large=$(list | tr '\n' '\0' | xargs -0 stat -c '%s %n' -- 2>/dev/null | awk -v most="$most" '$1 > most { sub(/^[0-9]+ /, ""); print }')
  if [ -n "$bad$large" ]; then
    printf '%s\n%s\n' "$bad" "$large" | while IFS= read -r path; do
      [ -z "$path" ] || printf 'withheld %s\n' "$path" >&2
    done
    names=$(list | NO="$bad$newline$large" awk 'BEGIN { n = split(ENVIRON["NO"], words, "\n"); for (i = 1; i <= n; i++) out[words[i]] = 1 } !($0 in out)')
    [ -z "$names" ] || names="$names$newline"
  fi
fi
list | tar -cf - --no-recursion -T -
code=$?
[ "$code" -le 1 ] || exit "$code"
