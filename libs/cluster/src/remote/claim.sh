# claim.sh ROOT OWNER REFUSED SILENT UNSENT ID_FROM SECONDS [TOKEN DIR N STAGED WORDS WORD...]...
# For each claim: submits the attempt in DIR at most once for try N. Run again, it only tells what became of that try.
# One line each: `claim TOKEN submitted ID`, `refused WHY`, `unknown WHY`, or `untouched` when SECONDS are over.
set -u
root=$1 owner=$2 refused=$3 silent=$4 unsent=$5 id_from=$6 seconds=$7
shift 7
stop=

# Whole seconds since the boot; starts no process
clock() { read -r now _ </proc/uptime && now=${now%.*}; }
clock
began=$now
newline='
'

say() { printf 'claim %s %s\n' "$token" "$*"; }
flat() { tail -n 3 "$1" 2>/dev/null | tr '\n' ' '; }
refuse() { printf '%s\n' "$*" >"$claim/refused.tmp" && mv "$claim/refused.tmp" "$claim/refused"; }

# Inputs come from the folder that this claim names; what a try before left half moved is replaced.
move_inputs() {
  staged=$root/.staging/$1
  [ -d "$staged" ] || { refuse "crystalmath: OTHER the staged inputs $1 are gone"; return 1; }
  if ! mv -- "$staged"/* . 2>/dev/null; then
    for entry in "$staged"/*; do
      [ -e "$entry" ] || [ -L "$entry" ] || continue
      rm -rf -- "./${entry##*/}"
      mv -- "$entry" . || { refuse "crystalmath: DISK_FULL the inputs could not be moved to $dir"; return 1; }
    done
  fi
  emptied="$emptied$staged$newline"
  if [ -d members ] && ! move_members; then
    refuse "crystalmath: DISK_FULL the inputs of a member could not be moved from $dir"
    return 1
  fi
  # tickets of a pilot, once what they stand for is there
  [ ! -d new ] || mv new "tickets.$n"
}

# Inputs of a batch's members go to folders of their own, each with the claim of its try: in one step for all jobs that have
# no folder yet; the others one by one.
move_members() {
  for project in members/*; do
    mkdir -p "$root/${project#members/}" || return 1
    mv -- "$project"/* "$root/${project#members/}/" 2>/dev/null
    for member in "$project"/*/*; do
      [ -d "$member" ] || continue
      target=$root/${member#members/}
      mkdir -p "$target/.crystalmath" && mv -- "$member"/.crystalmath/claim.* "$target/.crystalmath/" || return 1
      [ ! -e "$target/.crystalmath/lock" ] || continue
      for entry in "$member"/*; do
        rm -rf -- "${target:?}/${entry##*/}"
        mv -- "$entry" "$target/" || return 1
      done
    done
  done
  rm -rf members
}

# Files of the cluster's own: checked, copied (several to one name one after the other) and put on the manifest.
bring_cluster_files() {
  [ -f cluster-files ] || return 0
  last='' missing=''
  while read -r from to; do
    { [ -f "$from" ] && [ -r "$from" ]; } || missing="$missing${missing:+; }no readable file $from on the cluster (for $to)"
  done <cluster-files
  [ -z "$missing" ] || { refuse "crystalmath: INVALID $missing"; return 1; }
  if [ -f cluster-files.md5 ] && ! md5sum -c cluster-files.md5 >"$claim/md5" 2>&1; then
    refuse "crystalmath: INVALID changed since they were registered: $(sed -n 's/: FAILED.*//p' "$claim/md5" | tr '\n' ' ')"
    return 1
  fi
  set --
  while read -r from to; do
    case $to in */*) mkdir -p -- "${to%/*}" ;; esac
    if [ "$to" = "$last" ]; then cat -- "$from" >>"$to"; else cat -- "$from" >"$to" && set -- "$@" "$to"; fi || {
      refuse "crystalmath: DISK_FULL $from could not be copied"
      return 1
    }
    last=$to
  done <cluster-files
  sha256sum -- "$@" >>manifest.sha256 || { refuse 'crystalmath: DISK_FULL the manifest could not be written'; return 1; }
}

# Exit status 9: the scheduler does not answer; nothing more should be asked of it now. What it prints lies there even if this script
# is killed meanwhile; `code` says that it printed all of it, and its making renews the time of the claim, from which its age counts.
submit() {
  timeout 30 "$@" >"$claim/out" 2>"$claim/err" </dev/null
  code=$?
  printf '%s\n' "$code" >"$claim/code"
  case $code in
    0) return 0 ;;
    124) return 9 ;;
    126 | 127) refuse "crystalmath: SCHEDULER_DOWN $1 cannot be run: $(flat "$claim/err")"; return 9 ;;
  esac
  if [ -n "$unsent" ] && [ -s "$claim/err" ] && [ ! -s "$claim/out" ] && ! grep -Evq -e "$unsent" "$claim/err"; then
    refuse "crystalmath: SCHEDULER_DOWN $(flat "$claim/err")"
    return 9
  fi
  grep -Eq -e "$silent" "$claim/err" && return 9
  if grep -Eq -e "$refused" "$claim/err"; then refuse "$(flat "$claim/err")"; fi
}

answer() {
  if [ -f "$claim/refused" ]; then say refused "$(flat "$claim/refused")"; return; fi
  id=
  [ ! -f "$claim/code" ] || id=$(sed -n "$id_from" "$claim/out" 2>/dev/null)
  id=${id##*"$newline"}
  if [ -z "$id" ]; then say unknown "$(flat "$claim/err")"; return; fi
  printf '%s\n' "$id" >.crystalmath/job.id
  # of a batch, whoever sent its inputs knows who its members are; others find that in the members' folders
  if [ -z "$made" ] && { [ -d m ] || [ -d tickets.1 ]; }; then say unknown "submitted as $id by another, with members of its own"; return; fi
  say submitted "$id"
}

# Exit status 9 as of submit.
claim_one() {
  dir=$1 n=$2 staged=$3
  shift 3
  { cd "$root/$dir" && [ -d .crystalmath ]; } 2>/dev/null || { say unknown "no folder $dir"; return 0; }
  claim=.crystalmath/claim.$n
  silent_now=0 made=
  if mkdir "$claim" 2>/dev/null; then
    made=1
    for other in .crystalmath/claim.*; do
      [ "${other##*.}" -le "$n" ] || { say unknown "superseded by ${other##*/}"; return 0; }
    done
    if [ -e .crystalmath/cancel ]; then
      refuse 'crystalmath: CANCELLED it was cancelled before it was submitted'
    elif [ -n "$stop" ]; then
      refuse "crystalmath: SCHEDULER_DOWN not tried, for the scheduler did not answer for $stop"
    # where a try that was taken for lost came through, what it runs with is not replaced: its lock tells the two apart
    elif [ -e .crystalmath/lock ] || { move_inputs "$staged" && bring_cluster_files; }; then
      submit "$@" || silent_now=$?
    fi
  elif [ ! -d "$claim" ]; then
    say unknown "no claim could be made in $dir"
    return 0
  fi
  answer
  return "$silent_now"
}

# One process for many folders: each entry of a list, one a line, is an argument of the command.
with_lines() { # LIST COMMAND...
  lines=$1
  shift
  set -f
  IFS=$newline
  # shellcheck disable=SC2086
  set -- "$@" $lines
  unset IFS
  set +f
  "$@" 2>/dev/null
}

make_folders() {
  folders=
  while [ $# -gt 0 ]; do
    folders="$folders$root/$2/.crystalmath$newline"
    shift $((5 + $5))
  done
  with_lines "$folders" mkdir -p --
}

emptied=
is=
[ ! -f "$root/.owner" ] || read -r is <"$root/.owner"
[ "$is" != "$owner" ] || make_folders "$@"
while [ $# -gt 0 ]; do
  # shellcheck disable=SC2034 # place is read by the eval below
  token=$1 place=$2 n=$3 staged=$4 words=$5
  shift 5
  if [ "$is" != "$owner" ]; then
    say unknown "this root is not ours: \"$is\", not \"$owner\""
    shift "$words"
    continue
  fi
  clock
  if [ $((now - began)) -gt "$seconds" ]; then
    say untouched
    shift "$words"
    continue
  fi
  # the words of this claim stand before those of the next: "${1}" "${2}" …
  i=1 its_words=
  while [ "$i" -le "$words" ]; do
    its_words="$its_words \"\${$i}\""
    i=$((i + 1))
  done
  eval "claim_one \"\$place\" \"\$n\" \"\$staged\" $its_words"
  [ $? -ne 9 ] || stop=$token
  shift "$words"
done
[ -z "$emptied" ] || with_lines "$emptied" rmdir -- || :
