#!/bin/sh
# fresh-clone.sh [COMMAND…]: proves that a command (default: npm test) works in a fresh clone of what is committed, with every cache of ours
# out of the way: another home, another npm cache, no tools of earlier runs. Takes minutes; the clone is removed unless KEEP=1.
set -eu
cd "$(dirname "$0")/.."
[ $# -gt 0 ] || set -- npm test

work=$(mktemp -d)
chmod 755 "$work"
# shellcheck disable=SC2317 # called by the trap
clean() {
  [ "${KEEP:-}" = 1 ] && { echo "kept: $work" >&2; return; }
  rm -rf "$work"
}
trap clean EXIT
trap 'exit 130' INT TERM

git clone --quiet --no-hardlinks . "$work/clone"
# no cache and no program of this checkout is to be found: what npm put on the PATH goes, too
path=$(echo "$PATH" | tr ':' '\n' | grep -v node_modules | paste -sd :)
echo "fresh clone of $(git rev-parse --short HEAD): $*" >&2
begun=$(date +%s)
code=0
(
  cd "$work/clone"
  env -u XDG_CACHE_HOME -u CRYSTALMATH_MONGOD -u CRYSTALMATH_NATS_SERVER -u NODE_COMPILE_CACHE -u INIT_CWD \
    npm_config_userconfig="${npm_config_userconfig:-$HOME/.npmrc}" HOME="$work/home" npm_config_cache="$work/npm" PIP_NO_CACHE_DIR=1 GOPATH="$work/go" GOCACHE="$work/go-cache" GOFLAGS=-modcacherw \
    PATH="$path" "$@"
) || code=$?
echo "fresh clone: exit status $code after $(($(date +%s) - begun)) s" >&2
left=$(cd "$work/clone" && git status --short)
[ -z "$left" ] || { echo "it left in the checkout: $left" >&2; [ $code -ne 0 ] || code=1; }
exit $code
