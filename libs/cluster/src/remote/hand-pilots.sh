# hand-pilots.sh ROOT ID...
# Of each pilot that a person starts: `pilot ID absent`, or `pilot ID NATIVE SLOTS ENDS BEGUN CLOSED`, `-` where nothing is said yet.
set -u
cd "$1/.batches" 2>/dev/null || { shift; for id in "$@"; do echo "pilot $id absent"; done; exit 0; }
shift
first_of() { # FILE, otherwise WORD
  word=
  read -r word 2>/dev/null <"$1"
  printf ' %s' "${word:-$2}"
}
for id in "$@"; do
  [ -f "$id/pilot.sh" ] || { echo "pilot $id absent"; continue; }
  printf 'pilot %s' "$id"
  first_of "$id/.crystalmath/job.id" -
  first_of "$id/slots" -
  first_of "$id/ends" -
  first_of "$id/begun" 0
  if [ -e "$id/closed" ]; then echo ' closed'; else echo ' open'; fi
done
