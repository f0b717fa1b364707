# programs.sh SET_UP PROGRAM...
# Where the programs are after the operator's set-up lines.
eval "$1" >/dev/null || echo "set-up failed with $?"
shift
for program in "$@"; do
  printf 'program %s %s\n' "$program" "$(command -v "$program" 2>/dev/null)"
done
echo 'over now'
