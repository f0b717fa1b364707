# hand-pilots.sh ROOT ID...
# Of each pilot that a person starts: `pilot ID absent`, or `pilot ID NATIVE SLOTS ENDS BEGUN CLOSED`, `-` where nothing is said yet.
# One that has been silent for three minutes (it beats every 10 s, and a file's time may be known a minute late here) is closed: were
# it to wake up, it would begin nobody any more.
set -u
cd "$1/.batches" 2>/dev/null || { shift; for id in "$@"; do echo "pilot $id absent"; done; exit 0; }
shift
: >.now 2>/dev/null
now=$(stat -c %Y .now 2>/dev/null)
is_silent() { # ID
  beat=$(stat -c %Y "$1/beat" 2>/dev/null) && [ -n "$now" ] && [ $((now - beat)) -ge 180 ]
}
first_of() { # FILE, otherwise WORD
  word=
  read -r word 2>/dev/null <"$1"
  printf ' %s' "${word:-$2}"
}
for id in "$@"; do
  [ -f "$id/pilot.sh" ] || { echo "pilot $id absent"; continue; }
  if [ ! -e "$id/closed" ] && is_silent "$id"; then : >"$id/stop" && : >"$id/closed"; fi
  printf 'pilot %s' "$id"
  first_of "$id/.crystalmath/job.id" -
  first_of "$id/slots" -
  first_of "$id/ends" -
  first_of "$id/begun" 0
  if [ -e "$id/closed" ]; then echo ' closed'; else echo ' open'; fi
done
