#!/bin/sh
# The image's first word: the name of a service runs it; anything else is a command of crystalmath.
case ${1:-} in
  */*) ;;
  ?*) if [ -f "/app/services/$1/src/main.ts" ]; then
        # shellcheck disable=SC2046 # several words
        exec node $(sed -n "s/^$1 //p" /app/libs/service/node-options) "/app/services/$1/src/main.ts"
      fi ;;
esac
exec crystalmath "$@"
