#!/bin/sh
# compile-ahead.sh: what `npm ci` does at its end. Compiles `crystalmath parse`, for a faster start; an installation does not fail by it.
cd "$(dirname "$0")/.." || exit 0
node=node_modules/.bin/node
[ -x $node ] && [ -d node_modules/rolldown ] || exit 0
$node apps/cli/src/ahead/main.ts || echo 'crystalmath parse was not compiled ahead; it starts from its sources' >&2
exit 0
