#!/bin/sh
# Once: the project "play" and the pretended cluster of the container "testbed". Run again it finds them.
set -eu
CRYSTALMATH_TOKEN=$(cat /var/lib/crystalmath/first-token)
export CRYSTALMATH_TOKEN
crystalmath project create play 2>/dev/null || true
crystalmath cluster add /site/cluster.json
crystalmath cluster check testbed
