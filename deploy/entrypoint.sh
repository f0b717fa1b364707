#!/bin/sh
# The image's first word: the name of a service runs it; anything else is a command of crystalmath.
case ${1:-} in
  */*) ;;
  ?*) if [ -f "/app/services/$1/src/main.ts" ]; then exec node --max-semi-space-size=4 "/app/services/$1/src/main.ts"; fi ;;
esac
exec crystalmath "$@"
