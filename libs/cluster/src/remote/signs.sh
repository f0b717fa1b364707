# signs.sh ROOT DIR...
# Of each folder one line `DIR NEWEST BYTES`: the newest change among its files (our own state left aside) and their bytes.
# Two processes for all of them; a folder that is gone has no line.
set -u
cd "$1" || exit 1
shift
find "$@" -maxdepth 2 -name .crystalmath -prune -o -type f -printf '%H %T@ %s\n' 2>/dev/null |
  awk '{ if (!($1 in newest) || $2 > newest[$1]) newest[$1] = $2; bytes[$1] += $3 }
    END { for (folder in newest) printf "%s %s %.0f\n", folder, newest[folder], bytes[folder] }'
