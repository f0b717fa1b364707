# take-root.sh ROOT ACCOUNT INSTALLATION EPOCH
# Makes the root of one installation, or raises its epoch. Says whose it is: `root ours` or `root foreign WHOSE`.
set -u
root=$1 account=$2 installation=$3 epoch=$4
mkdir -p "$root/.staging" "$root/.spool/$account/done" || exit 1
cd "$root" || exit 1
whose='' at=''
[ ! -f .owner ] || read -r whose at <.owner
# what is ours already is not written again: a full disk keeps nobody from following what runs
if [ "$whose $at" != "$installation $epoch" ]; then
  own=.owner.new.$$
  printf '%s %s\n' "$installation" "$epoch" >"$own" || { echo "No space left, or nothing can be written, in $root" >&2; exit 1; }
  ln "$own" .owner 2>/dev/null
  read -r whose at <.owner
  if [ "$whose" = "$installation" ] && [ "$at" -lt "$epoch" ]; then
    mv "$own" .owner
    read -r whose at <.owner
  fi
  rm -f "$own"
fi
if [ "$whose $at" != "$installation $epoch" ]; then echo "root foreign $whose $at"; exit 0; fi
# inputs that nobody claimed, scripts of arrays and pilots and sentinels that nobody needs any more
find .staging -mindepth 1 -maxdepth 1 -type d -mtime +14 -exec rm -rf {} + 2>/dev/null
find .batches -mindepth 1 -maxdepth 1 -type d -mtime +365 -exec rm -rf {} + 2>/dev/null
find ".spool/$account/done" -mindepth 1 -maxdepth 1 -type d -mtime +30 -exec rm -rf {} + 2>/dev/null
echo 'root ours'
