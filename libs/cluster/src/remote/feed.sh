# feed.sh, in the folder of a feed, as what its claim submits: offers its tickets to the pilot in pilot/, and says that one's id.
# Whoever loses the race with the end of the pilot finds out by that: what it has not taken is withdrawn then.
set -u
no() { echo "crystalmath: OTHER $*" >&2; exit 1; }
id=
read -r id 2>/dev/null <pilot/.crystalmath/job.id
[ -n "$id" ] || no 'the pilot has no id: nobody knows whether it was submitted'
for word in closed stop; do
  [ ! -e "pilot/$word" ] || no "pilot $id begins nobody any more"
done
if read -r ends 2>/dev/null <pilot/ends; then
  left=$((ends - $(date +%s)))
  [ "$left" -gt "$member_seconds" ] || no "pilot $id has $left s left, and a member may take $member_seconds s"
fi
mkdir -p pilot/feeds && ln -s "../../$feed" "pilot/feeds/$feed" || exit 1
printf 'fed to %s\n' "$id"
