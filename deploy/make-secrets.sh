#!/bin/sh
# make-secrets.sh [FOLDER]: makes the secrets of docker-compose.yml that are not there yet: passwords of NATS and MongoDB, the key
# of the replica set, and the folder for the clusters' private keys. Never changes one that is there.
# The folder is for its owner alone; the files in it are readable, since containers of other users get them one by one.
set -eu
folder=${1:-$(dirname "$0")/secrets}
umask 077
mkdir -p "$folder"
chmod 700 "$folder"
mkdir -p "$folder/keys"
chmod 755 "$folder/keys"

random() { head -c "$1" /dev/urandom | base64 | tr -d '\n=' | tr '+/' 'ab'; }
secret() {
  [ ! -s "$folder/$1" ] || return 0
  printf '%s' "$2" >"$folder/$1.new"
  chmod 444 "$folder/$1.new"
  mv "$folder/$1.new" "$folder/$1"
  echo "made $folder/$1"
}

# a password of digits alone, or with an exponent, would be a number to nats-server: it begins with a word
secret nats_password "pw$(random 24)"
secret mongodb_url "mongodb://crystalmath:$(random 24)@mongo:27017/?replicaSet=crystalmath&authSource=admin"
secret mongo_root_password "$(random 24)"
secret mongo_key "$(random 512)"
