#!/bin/sh
# make-secrets.sh [FOLDER]: makes the secrets of docker-compose.yml that are not there yet: passwords of NATS and MongoDB, the key
# of the replica set, and the folder for the clusters' private keys. Never changes one that is there.
# The folder is for its owner alone; what is in it is readable, since containers of other users get one folder of it each.
set -eu
folder=${1:-$(dirname "$0")/secrets}
umask 077
mkdir -p "$folder"
chmod 700 "$folder"
owner=$(stat -c %u:%g "$folder")

random() { head -c "$1" /dev/urandom | base64 | tr -d '\n=' | tr '+/' 'ab'; }
# below NAME: a folder that a container may get
below() {
  mkdir -p "$folder/$1"
  chmod 755 "$folder/$1"
  chown "$owner" "$folder/$1"
}
# secret NAME/FILE VALUE
secret() {
  below "${1%/*}"
  [ ! -s "$folder/$1" ] || return 0
  printf '%s' "$2" >"$folder/$1.new"
  chmod 444 "$folder/$1.new"
  chown "$owner" "$folder/$1.new"
  mv "$folder/$1.new" "$folder/$1"
  echo "made $1"
}

below keys
# a password of digits alone, or with an exponent, would be a number to nats-server: it begins with a word
secret nats/password "pw$(random 24)"
secret mongodb/url "mongodb://crystalmath:$(random 24)@mongo:27017/?replicaSet=crystalmath&authSource=admin"
secret mongo-root/password "$(random 24)"
secret mongo/key "$(random 512)"
