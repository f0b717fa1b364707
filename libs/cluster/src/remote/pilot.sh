# --- the same for every pilot: runs members side by side in one allocation, each by its own job.sh, as their tickets come -----------
# tickets.<n>/<index>: `DIRECTORY TOKEN`, below $root. decided/<index>: a link that one makes only, to what says who: the pilot
# that runs the member, or `withdrawn`. feeds/<batch>: links to folders with tickets and decisions of their own, which came while
# it lived. closed: it begins nobody any more.
set -u
cd "$directory" || exit 78
case ${me%.*} in
  '' | none)
    echo 'crystalmath: the batch system says no job id here; without one, nothing keeps two executions apart' >&2
    exit 78
    ;;
esac
# begun again under the same id it would take members for its own that an earlier run has lost
case $me in *.0) ;; *) echo "crystalmath: a pilot is not begun again, so $me ends" >&2; exit 76 ;; esac
host=$node
[ -n "$host" ] || read -r host </proc/sys/kernel/hostname || host=$(hostname)
mkdir -p decided && printf '%s\n' "$me" >"decided/.$me" || exit 74

# Whole seconds since the boot; starts no process
up() { read -r now _ </proc/uptime && now=${now%.*}; }
up
ends=$((now + lifetime))
# feeders read it by the clock that all have
{ printf '%s\n' "$(($(date +%s) + lifetime))" >.ends && mv .ends ends; } 2>/dev/null
running=''
stopping=''
ended=''
closed=''

# Cores that this allocation may use, one word each; nothing where they cannot be told
cores_here() {
  command -v taskset >/dev/null 2>&1 || return 0
  list=$(taskset -cp $$ 2>/dev/null) || return 0
  IFS=,
  # shellcheck disable=SC2086
  set -- ${list##*: }
  unset IFS
  for range in "$@"; do
    core=${range%-*}
    while [ "$core" -le "${range#*-}" ]; do
      printf '%s ' "$core"
      core=$((core + 1))
    done
  done
}

# Slots are free where no member runs: words `SLOT/CORE,CORE…`, without cores where members cannot be pinned
# shellcheck disable=SC2046
set -- $(cores_here)
pinned=
[ $# -lt $((slots * cores)) ] || pinned=1
free=''
slot=0
while [ "$slot" -lt "$slots" ]; do
  mine=
  if [ -n "$pinned" ]; then
    count=0
    while [ "$count" -lt "$cores" ]; do
      mine=$mine,$1
      shift
      count=$((count + 1))
    done
  fi
  free="$free $slot/${mine#,}"
  slot=$((slot + 1))
done

# A process group of its own: what ends a member ends its programs too
own_group=
! command -v setsid >/dev/null 2>&1 || own_group=setsid
to_group() { kill -s "$1" -- "-$2" 2>/dev/null || kill -s "$1" "$2" 2>/dev/null; }

# Takes the ticket, unless somebody has decided about it already
begin() { # TICKET
  index=${1##*/}
  decided=${1%tickets.*}decided
  read -r folder token <"$1" || return 0
  [ -f "$root/$folder/job.sh" ] || return 0
  [ -d "$decided" ] || mkdir -p "$decided" || return 0
  ln "decided/.$me" "$decided/$index" 2>/dev/null || { rm -f "$1"; return 0; }
  rm -f "$1"
  begun=$((begun + 1))
  { printf '%s\n' "$begun" >begun; } 2>/dev/null
  slot=${free# } && slot=${slot%% *}
  free=${free#" $slot"}
  (
    cd "$root/$folder" || exit 78
    exec >>job.out 2>>job.err </dev/null
    as_member
    # shellcheck disable=SC2086
    [ -z "${slot#*/}" ] || exec $own_group taskset -c "${slot#*/}" /bin/sh ./job.sh
    # shellcheck disable=SC2086
    exec $own_group /bin/sh ./job.sh
  ) &
  running="$running $index:$!:$slot:$((now + member_seconds)):$folder:$token"
}

# Of a run that was killed before it could say how it ended
speak_for() { # FOLDER TOKEN
  state=$root/$1/.crystalmath owner=
  [ ! -e "$state/end" ] || return 0
  read -r owner 2>/dev/null <"$state/lock"
  [ "$owner" = "$me" ] || return 0
  at=$(date +%s.%N)
  printf 'owner %s\nat %s\nhost %s\ncode 137\ncause killed\n.\n' "$me" "$at" "$host" >"$state/end.pilot" || return 0
  ln "$state/end.pilot" "$state/end" 2>/dev/null || return 0
  { cat "$state/end" >"$spool/.$2.end.$me" && mv "$spool/.$2.end.$me" "$spool/$2.end"; } 2>/dev/null
}

# Members that are over leave their slot; who ran out of time, or is wanted no more, is ended
look_after() {
  left=
  for one in $running; do
    IFS=:
    # shellcheck disable=SC2086
    set -- $one
    unset IFS
    if ! kill -0 "$2" 2>/dev/null; then
      to_group KILL "$2"
      speak_for "$5" "$6"
      free="$free $3"
      continue
    fi
    state=$root/$5/.crystalmath
    if [ "$now" -ge "$4" ]; then
      if [ ! -e "$state/timeout" ]; then : >"$state/timeout"; to_group TERM "$2"; fi
      [ "$now" -lt $(($4 + grace)) ] || to_group KILL "$2"
    elif [ "$early" -gt 0 ] && [ "$now" -ge $(($4 - early)) ] && [ ! -e "$state/warned" ]; then
      : >"$state/warned"
      kill -USR1 "$2" 2>/dev/null
    fi
    # who is wanted no more has no time left
    if [ -e "$state/cancel" ] && [ "$now" -lt "$4" ]; then one=$1:$2:$3:$now:$5:$6; fi
    left="$left $one"
  done
  running=$left
}

close() {
  (: >closed) 2>/dev/null
  closed=1
}

# The batch system ends the allocation: members write how they ended first
terminated() {
  trap '' TERM INT HUP
  close
  for one in $running; do
    pid=${one#*:}
    to_group TERM "${pid%%:*}"
  done
  # a batch system kills what is left; a person's allocation goes on
  up
  last=$((now + grace))
  while [ -n "$running" ]; do
    up
    look_after
    for one in $running; do
      pid=${one#*:}
      [ "$now" -lt "$last" ] || to_group KILL "${pid%%:*}"
    done
    sleep 0.2
  done
  leave
  exit 143
}
trap 'stopping=1' USR1
# of a person: what runs may end; asked again, it is told to
trap '[ -z "$stopping" ] || ended=1; stopping=1' INT
# not at once: a member that begins this moment is not among those that run yet, and would not be told
trap 'ended=1' TERM HUP

begins_more() { [ -z "$stopping$ended" ] && [ ! -e stop ] && { [ -z "$most" ] || [ "$begun" -lt "$most" ]; } && [ $((ends - now)) -ge "$member_seconds" ]; }
# whoever is sent here later would come too late, so nobody is
expects_more() { [ $((now - idle_since)) -lt "$idle" ] && [ $((ends - now)) -ge $((member_seconds + late)) ]; }
idle_since=$now
while :; do
  [ -z "$ended" ] || terminated
  up
  beat
  look_after
  if [ -n "$free" ] && begins_more; then
    for ticket in tickets.*/[0-9]* feeds/*/tickets.*/[0-9]*; do
      [ -n "$free" ] && begins_more || break
      [ ! -f "$ticket" ] || begin "$ticket"
    done
  fi
  [ -z "$running" ] || idle_since=$now
  # it says so before it looks for tickets for the last time
  [ -z "$closed" ] || [ -n "$running" ] || { leave; exit 0; }
  if ! begins_more || { [ -z "$running" ] && ! expects_more; }; then close; fi
  sleep 0.2
done
