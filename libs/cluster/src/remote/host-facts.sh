# host-facts.sh ROOT
# What the login node and the root's file system are like, in lines `KEY VALUE`.
set -u
root=$1
mkdir -p "$root" 2>/dev/null
cd "$root" 2>/dev/null || { echo 'root missing'; exit 0; }
probe=.probe.$$
if { : >"$probe"; } 2>/dev/null; then echo 'writable yes'; else echo 'writable no'; fi
if ln "$probe" "$probe.link" 2>/dev/null; then echo 'links yes'; else echo 'links no'; fi
rm -f "$probe" "$probe.link"
df -Pk . | awk 'NR == 2 { printf "free_mebibytes %d\n", $4 / 1024 }'
df -Pi . 2>/dev/null | awk 'NR == 2 && $4 ~ /^[0-9]+$/ { print "free_inodes " $4 }'
printf 'file_system %s\n' "$(stat -f -c %T . 2>/dev/null)"
[ ! -f .owner ] || printf 'owner %s\n' "$(head -n 1 .owner)"
for tool in timeout tar stat sha256sum md5sum xargs awk sed grep find head tail tr date mv ln flock setsid; do
  command -v "$tool" >/dev/null 2>&1 || printf 'lacks %s\n' "$tool"
done
