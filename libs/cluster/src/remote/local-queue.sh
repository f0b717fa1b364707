#!/bin/sh
# local-queue.sh COMMAND…: a batch system of one machine, in files beside this one. No daemon: whoever submits, lists, or ends a
# job starts what fits, under one lock. It survives the platform, and a reboot ends jobs as NODE_FAIL.
#   submit NAME CORES SECONDS EARLY SCRIPT   in the job's folder; prints the id
#   list [SECONDS]                           what waits and runs, and what ended in the last SECONDS (300)
#   ids NAME…                                ids of what bears the name and is not over
#   cancel ID… | hold ID | release ID | limits
# live/<id>/{record,spec,alive,pid,cancelled,late}: jobs that are not over; `alive` is locked as long as the job is looked after.
# over/<day>: records of ended jobs. `capacity`: cores to give away, where it is not all of them.
set -u
here=$(cd "${0%/*}" && pwd) || exit 1
self=$here/${0##*/}
kill_wait=5
separator=$(printf '\037')
cd_here() { cd "$here" || exit 1; }

lock() { exec 9>"$here/lock" && flock 9; }
path_of() { printf 'live/%09d' "$1"; }

# A record: id state code signal submitted started ended cores reason name; name comes last, for it may hold anything but a line break
read_record() {
  IFS=$separator read -r id state code signal submitted started ended cores reason name 2>/dev/null <"$1/record"
}
write_record() {
  printf '%s\037%s\037%s\037%s\037%s\037%s\037%s\037%s\037%s\037%s\n' \
    "$id" "$state" "$code" "$signal" "$submitted" "$started" "$ended" "$cores" "$reason" "$name" >"$1/record.new" &&
    mv "$1/record.new" "$1/record"
}
# Under the lock
close_record() {
  ended=$(date +%s)
  mkdir -p over
  write_record "$1" && cat "$1/record" >>"over/$(date -u +%Y%m%d)" && rm -rf "$1"
}
looked_after() { ! flock -n "$1/alive" true; }

# Under the lock: buries what nobody looks after any more, starts what fits, in order
dispatch() {
  capacity=$(cat capacity 2>/dev/null || nproc)
  used=0
  for job in live/*; do
    read_record "$job" || continue
    [ "$state" = RUNNING ] || continue
    if looked_after "$job"; then used=$((used + cores)); else
      state=NODE_FAIL reason=SupervisorGone
      close_record "$job"
    fi
  done
  for job in live/*; do
    [ "$used" -lt "$capacity" ] || break
    read_record "$job" || continue
    [ "$state" = PENDING ] || continue
    [ $((used + cores)) -le "$capacity" ] || [ "$used" -eq 0 ] || break
    state=RUNNING started=$(date +%s) reason=
    write_record "$job" || continue
    exec 8>"$job/alive" && flock 8
    setsid sh "$self" supervise "$id" </dev/null >/dev/null 2>&1 9>&- &
    exec 8>&-
    used=$((used + cores))
  done
}

submit() { # NAME CORES SECONDS EARLY SCRIPT
  from=$(pwd)
  cd_here
  [ -f "$from/$5" ] || { echo "queue: refused: no script $from/$5" >&2; exit 1; }
  lock || { echo 'queue: refused: no lock' >&2; exit 1; }
  id=0
  [ ! -f last-id ] || read -r id <last-id
  id=$((id + 1))
  { echo "$id" >last-id.new && mv last-id.new last-id; } || { echo 'queue: refused: nothing can be written' >&2; exit 1; }
  job=$(path_of "$id")
  mkdir -p "$job" || { echo 'queue: refused: nothing can be written' >&2; exit 1; }
  printf '%s\n' "$from" "$5" "$3" "$4" >"$job/spec"
  state=PENDING code=0 signal=0 submitted=$(date +%s) started='' ended='' cores=$2 reason=Resources name=$1
  write_record "$job" || { rm -rf "$job"; echo 'queue: refused: nothing can be written' >&2; exit 1; }
  echo "$id"
  dispatch
}

# A job that was just started may not lead a group yet
end_group() { kill -s TERM -- "-$1" 2>/dev/null || kill -s TERM "$1" 2>/dev/null; }

# Runs one job to its end, holding the lock 8 of its folder
supervise() {
  cd_here
  job=$here/$(path_of "$1")
  { read -r from && read -r script && read -r seconds && read -r early; } <"$job/spec"
  cd "$from" || : # job.sh says what is wrong with its folder
  CRYSTALMATH_QUEUE_JOB=$1 setsid sh "$script" </dev/null >>job.out 2>>job.err 8>&- 9>&- &
  pid=$!
  echo "$pid" >"$job/pid"
  # a group of its own, so that its sleeps end with it
  # shellcheck disable=SC2016
  setsid sh -c '
    sleep "$(($1 - $2))"; kill -s USR1 "$4" 2>/dev/null
    sleep "$2"; : >"$5/late"; kill -s TERM -- "-$4"
    sleep "$3"; kill -s KILL -- "-$4"' sh "$seconds" "$early" "$kill_wait" "$pid" "$job" </dev/null >/dev/null 2>&1 8>&- 9>&- &
  timer=$!
  [ ! -e "$job/cancelled" ] || end_group "$pid"
  wait "$pid"
  status=$?
  kill -s KILL -- "-$timer" 2>/dev/null
  kill -s KILL -- "-$pid" 2>/dev/null # what it left behind
  cd_here
  lock || exit 1
  read_record "$job"
  if [ "$status" -gt 128 ]; then signal=$((status - 128)) code=0; else code=$status signal=0; fi
  if [ -e "$job/cancelled" ]; then state=CANCELLED
  elif [ -e "$job/late" ]; then state=TIMEOUT
  elif [ "$status" -eq 0 ]; then state=COMPLETED
  else state=FAILED; fi
  close_record "$job"
  exec 8>&-
  dispatch
}

list() { # SECONDS
  cd_here
  lock || exit 1
  dispatch
  for job in live/*; do
    [ ! -f "$job/record" ] || cat "$job/record"
  done
  days=$(($1 / 86400 + 1))
  now=$(date +%s)
  while [ "$days" -ge 0 ]; do
    day=$(date -u -d "@$((now - days * 86400))" +%Y%m%d)
    [ ! -f "over/$day" ] || awk -F "$separator" -v since="$((now - $1))" '$7 >= since' "over/$day"
    days=$((days - 1))
  done
}

ids() {
  cd_here
  lock || exit 1
  for job in live/*; do
    read_record "$job" || continue
    for wanted in "$@"; do
      [ "$name" != "$wanted" ] || echo "$id"
    done
  done
}

cancel_one() { # ID
  job=$(path_of "$1")
  read_record "$job" || return 0
  : >"$job/cancelled"
  if [ "$state" != RUNNING ]; then
    state=CANCELLED
    close_record "$job"
    return 0
  fi
  # after a reboot the number is another process's
  looked_after "$job" || { state=NODE_FAIL reason=SupervisorGone; close_record "$job"; return 0; }
  [ -s "$job/pid" ] || return 0 # it is just being started; whoever starts it looks for the file
  read -r pid <"$job/pid"
  end_group "$pid"
  # shellcheck disable=SC2016
  setsid sh -c 'sleep "$1"; [ ! -e "$2/alive" ] || flock -n "$2/alive" true || kill -s KILL -- "-$3"' sh "$kill_wait" "$here/$job" "$pid" </dev/null >/dev/null 2>&1 9>&- &
}

hold() { # ID STATE
  cd_here
  lock || exit 1
  job=$(path_of "$1")
  read_record "$job" || { echo "queue: no job $1 waits" >&2; exit 1; }
  [ "$state" != RUNNING ] || { echo "queue: job $1 runs already" >&2; exit 1; }
  state=$2
  [ "$2" = HELD ] && reason=JobHeldUser || reason=Resources
  write_record "$job"
  dispatch
}

command=$1
shift
case $command in
  submit) submit "$@" ;;
  supervise) supervise "$1" ;;
  list) list "${1:-300}" ;;
  ids) ids "$@" ;;
  cancel)
    cd_here
    lock || exit 1
    for each in "$@"; do cancel_one "$each"; done
    dispatch
    ;;
  hold) hold "$1" HELD ;;
  release) hold "$1" PENDING ;;
  limits) cd_here; printf 'cores %s\nmemory %s\nkill_wait %s\n' "$(cat capacity 2>/dev/null || nproc)" "$(awk '/^MemTotal:/ { print int($2 / 1024) }' /proc/meminfo)" "$kill_wait" ;;
  *) echo "queue: no command $command" >&2; exit 2 ;;
esac
