# pseudopotentials.sh FOLDER
# For each UPF file of the folder `> MD5 NAME`, then what its head says of itself after `| `. Their tables stay where they are.
# Of a POTCAR (NAME/POTCAR, RELEASE/NAME/POTCAR) five facts go out, never its text.
set -u
cd "$1" || exit 3
for name in *; do
  case $name in *.[Uu][Pp][Ff]) ;; *) continue ;; esac
  { [ -f "$name" ] && [ -r "$name" ]; } || continue
  sum=$(md5sum <"$name")
  printf '> %s %s\n' "${sum%% *}" "$name"
  {
    grep -a '<PP_ADDINFO' "$name"
    head -c 65536 "$name" | sed -n -e '/[Rr]elativistic/p' -e '/<PP_HEADER/,/<\/PP_HEADER>/p' | head -c 8192
  } | sed 's/^/| /'
  echo
done
for name in */POTCAR */*/POTCAR; do
  { [ -f "$name" ] && [ -r "$name" ]; } || continue
  sum=$(md5sum <"$name")
  printf '> %s %s\n' "${sum%% *}" "$name"
  head -c 8192 "$name" | sed -n '/^ *\(TITEL\|VRHFIN\|LEXCH\|ENMAX\|POMASS\) *=/s/^/| /p'
  echo
done
