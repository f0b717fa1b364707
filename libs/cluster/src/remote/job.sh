# --- the same for every job ------------------------------------------------------------------------------------------------
set -u
state=.crystalmath
newline='
'
cd "$directory" || exit 78
host=$node
[ -n "$host" ] || read -r host </proc/sys/kernel/hostname || host=$(hostname)

# Hundredths of seconds since the boot: asks the kernel, starts no process
up() { read -r ups _ 2>/dev/null </proc/uptime && ups=${ups%.*}${ups#*.}; }

# $at: seconds since the epoch. One `date`; later times by the kernel's clock
at_start() {
  at=$(date +%s.%N)
  case $at in *.[0-9]*) ;; *) at=${at%%[!0-9]*}.000000000 ;; esac
  fraction=${at#*.}
  epoch_then=${at%.*}${fraction%"${fraction#??}"}
  up && up_then=$ups || up_then=
}
at_end() {
  if [ -n "$up_then" ] && up; then
    hundredths=$((epoch_then + ups - up_then))
    at=${hundredths%??}.${hundredths#"${hundredths%??}"}
  else
    at=$(date +%s.%N)
  fi
}

# News for the watcher: written under a hidden name, then renamed. The attempt's folder is the truth; a spool that is full or gone stops nothing.
news() { # EVENT, content on stdin
  { cat_in >"$spool/.$token.$1.$me" && mv "$spool/.$token.$1.$me" "$spool/$token.$1"; } 2>/dev/null || :
}
cat_in() { while IFS= read -r line; do printf '%s\n' "$line"; done; }

keep_one() {
  { [ -f "$path" ] && [ ! -L "$path" ]; } || return 0
  case ${path##*/} in *[Pp][Oo][Tt][Cc][Aa][Rr]* | [Pp][Oo][Tt]_* | *[Pp][Ss][Cc][Tt][Rr]*) return 0 ;; esac
  kept="$kept$path$newline"
}

# Sizes of what is worth keeping
files() {
  kept=
  keep
  [ -n "$kept" ] || return 0
  set -f
  IFS=$newline
  # shellcheck disable=SC2086
  set -- $kept
  unset IFS
  set +f
  stat -c 'file %s %n' -- "$@"
}

# The last line, a dot, says that nothing is missing
end_text() { # CODE CAUSE
  printf 'owner %s\nat %s\nhost %s\ncode %s\ncause %s\n' "$me" "$at" "$host" "$1" "$2"
  [ ! -f $state/files ] || cat_in <$state/files
  echo .
}

finish() { # CODE CAUSE
  at_end
  end_text "$1" "$2" >$state/end
  news end <$state/end
}

# --- once: whoever made the lock runs
case ${me%.*} in
  '' | none)
    echo 'crystalmath: the batch system says no job id here; without one, nothing keeps two executions apart' >&2
    exit 78
    ;;
esac

printf '%s\n' "$me" >"$state/lock.$me" || { echo "crystalmath: nothing can be written in $directory" >&2; exit 74; }
ln "$state/lock.$me" $state/lock 2>/dev/null
# a file system without hard links
[ -e $state/lock ] || (set -C && printf '%s\n' "$me" >$state/lock) 2>/dev/null
winner=
read -r winner <$state/lock
if [ "$winner" != "$me" ]; then
  if [ "${winner%.*}" = "${me%.*}" ]; then
    printf '%s\n' "$me" >"$state/requeued.$me"
    echo "$me" | news "$me.requeued"
    exit 76
  fi
  printf '%s\n' "$me" >"$state/duplicate.$me"
  echo "$me" | news "$me.duplicate"
  exit 75
fi

# --- signals: a shell runs no trap while a program runs in the foreground, so none does
child=
cause='exit'
woken=
early() {
  woken=1
  [ -n "$stop_file" ] || return 0
  cause=early-signal
  ask_to_stop
}
# Batch systems send it to every process of a job, so the program has got it too, and may use what time is left. Whatever code it
# ends with then, it was told to end: only the scheduler knows why
terminated() {
  trap '' TERM
  why=terminated
  [ ! -e $state/timeout ] || why=timeout # a pilot ended it, for its time was over
  [ ! -e $state/cancel ] || why=cancelled
  # first of all: little time may be left
  finish 143 "$why"
  [ -n "$child" ] || exit 143
  wait "$child"
  files >$state/files 2>/dev/null
  end_text 143 "$why" >$state/end.new && mv $state/end.new $state/end
  exit 143
}
at_start
trap early USR1
trap terminated TERM

if [ -e $state/cancel ]; then
  echo 'crystalmath: cancelled before it began' >&2
  finish 143 cancelled
  exit 143
fi
start_text() { printf 'owner %s\nat %s\nhost %s\n.\n' "$me" "$at" "$host"; }
start_text >$state/start
news start <$state/start

# --- what is run is what was sent
if ! sha256sum -c manifest.sha256 >$state/manifest 2>&1; then
  echo 'crystalmath: the inputs are not those that were sent:' >&2
  grep -v ': OK$' $state/manifest >&2
  finish 66 inputs
  exit 66
fi
if ! bring_copies; then
  echo 'crystalmath: what an earlier attempt left, or a file of the cluster, could not be copied' >&2
  finish 66 inputs
  exit 66
fi
if [ -n "$stop_file" ] && [ -e "$stop_file" ]; then rm -f -- "$stop_file"; fi

{
  trap : TERM # waits for the program, which gets the signal itself
  run
  echo $? >$state/code
} &
child=$!
while :; do
  woken=
  wait "$child"
  code=$?
  [ -n "$woken" ] || break
done
# after a signal, `wait` may not know the child any more
[ ! -s $state/code ] || read -r code <$state/code

trap '' TERM USR1
# the signal that ends a job reaches the program too, and may end it before this shell hears of it
if [ "$code" = 143 ] && [ "$cause" = exit ]; then
  cause=terminated
  [ ! -e $state/timeout ] || cause=timeout
  [ ! -e $state/cancel ] || cause=cancelled
fi
files >$state/files 2>/dev/null
finish "$code" "$cause"
exit "$code"
