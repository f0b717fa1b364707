#!/bin/sh
# kube-dry-run.sh: lets a real kube-apiserver judge every object of both overlays, strictly, and the pods by their namespace's standard.
# No cluster is needed: the server is built from its Go module (once, about 6 minutes on 2 idle cores) and runs on loopback
# beside Debian's etcd. KEDA's kinds are defined by KEDA's own Go module. Needs go, node, openssl, and as root apt-get install
# etcd-server. Says a line for each overlay, and ends with 1 if an object was refused or warned of.
set -eu
cd "$(dirname "$0")/.."
VERSION=1.34.2
KEDA=2.19.0
cache=${XDG_CACHE_HOME:-$HOME/.cache}/crystalmath/kube-apiserver-$VERSION
work=$(mktemp -d)
pids=''
# shellcheck disable=SC2086 # one word for each process
trap 'kill $pids 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT

fail() { echo "kube-dry-run: $*" >&2; exit 1; }
for tool in go node etcd openssl; do command -v $tool >/dev/null || fail "no $tool here"; done
kubectl=$(sh scripts/kubectl.sh)

build() {
  mkdir -p "$work/build" && cd "$work/build"
  source=$(go mod download -json "k8s.io/kubernetes@v$VERSION" | sed -n 's/^\t"Dir": "\(.*\)",*$/\1/p')
  { echo 'module apiserver'; grep '^go ' "$source/go.mod"; echo "require k8s.io/kubernetes v$VERSION"; } >go.mod
  # its own parts are published one by one, under another number
  awk -v to="v0.${VERSION#1.}" '$1 ~ /^k8s\.io\// && $2 == "v0.0.0" { print "replace " $1 " => " $1 " " to }' "$source/go.mod" >>go.mod
  cat >main.go <<'EOF'
package main

import (
	"os"

	"k8s.io/component-base/cli"
	"k8s.io/kubernetes/cmd/kube-apiserver/app"
)

func main() { os.Exit(cli.Run(app.NewAPIServerCommand())) }
EOF
  go mod tidy
  mkdir -p "$(dirname "$cache")"
  go build -ldflags '-s -w' -o "$cache.new" . && mv "$cache.new" "$cache"
}
[ -x "$cache" ] || { echo 'kube-dry-run: building kube-apiserver …' >&2; (build) >"$work/build.log" 2>&1 || { tail -n 20 "$work/build.log" >&2; fail 'the build failed'; }; }

openssl genrsa -out "$work/sa.key" 2048 2>/dev/null
openssl rsa -in "$work/sa.key" -pubout -out "$work/sa.pub" 2>/dev/null
token=$(openssl rand -hex 16)
(umask 077; echo "$token,admin,admin,\"system:masters\"" >"$work/tokens.csv")
# below the range from which the kernel hands out ports of its own
free_port() { node -e 'const look = () => { const port = 31100 + Math.floor(Math.random() * 1600), s = require("node:net").createServer(); s.once("error", look); s.listen(port, "127.0.0.1", () => { console.log(port); s.close() }) }; look()'; }
port=$(free_port)
etcd=http://127.0.0.1:$(free_port) peers=http://127.0.0.1:$(free_port)
etcd --data-dir "$work/etcd" --listen-client-urls "$etcd" --advertise-client-urls "$etcd" --listen-peer-urls "$peers" \
  --initial-advertise-peer-urls "$peers" --initial-cluster "default=$peers" >"$work/etcd.log" 2>&1 &
pids="$!"
"$cache" --etcd-servers "$etcd" --bind-address 127.0.0.1 --advertise-address 127.0.0.1 --secure-port "$port" --cert-dir "$work/certs" \
  --service-cluster-ip-range 10.96.0.0/16 --service-account-key-file "$work/sa.pub" --service-account-signing-key-file "$work/sa.key" \
  --service-account-issuer https://kubernetes.default.svc --token-auth-file "$work/tokens.csv" --authorization-mode RBAC \
  --disable-admission-plugins ServiceAccount >"$work/apiserver.log" 2>&1 &
pids="$! $pids"
server() { "$kubectl" --server "https://127.0.0.1:$port" --insecure-skip-tls-verify --token "$token" "$@"; }

tries=0
until server get --raw /readyz >/dev/null 2>&1; do
  tries=$((tries + 1))
  [ $tries -lt 120 ] || { tail -n 5 "$work/apiserver.log" >&2; fail 'kube-apiserver does not answer'; }
  sleep 0.5
done
# the namespace is really made: its labels say what pods must not do
server apply -f k8s/base/namespace.yaml >/dev/null
keda=$(cd "$work" && go mod download -json "github.com/kedacore/keda/v2@v$KEDA" | sed -n 's/^\t"Dir": "\(.*\)",*$/\1/p')
for kind in scaledobjects triggerauthentications; do
  # too large for the note that a client-side apply leaves
  server apply --server-side -f "$keda/config/crd/bases/keda.sh_$kind.yaml" >/dev/null
  server wait --for condition=established --timeout 60s "crd/$kind.keda.sh" >/dev/null
done
code=0
for overlay in dev production; do
  "$kubectl" kustomize "k8s/overlays/$overlay" >"$work/objects.yaml"
  server apply --dry-run=server --validate=strict -f "$work/objects.yaml" >"$work/said" 2>&1 || code=1
  # a pod against the standard is a warning at its Deployment
  if grep -iE 'warning|error|invalid|violate' "$work/said"; then code=1; fi
  echo "$overlay: $(grep -c 'server dry run' "$work/said") of $(grep -c '^kind:' "$work/objects.yaml") objects accepted by kube-apiserver $VERSION, KEDA's kinds of $KEDA"
done
exit $code
