#!/bin/sh
# Measures Deskmate's engine on this machine's GPU, without a network and without installing anything. `./run.sh --help` lists
# the options; the record goes to ./results.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
if [ ! -d "$here/runtime" ]; then
  echo 'Unpacking ...'
  rm -rf "$here/runtime.part"
  mkdir "$here/runtime.part"
  tar -xzf "$here/runtime.tar.gz" -C "$here/runtime.part"
  mv "$here/runtime.part" "$here/runtime"
fi
exec "$here/runtime/node" "$here/runtime/engine/main.js" --loader "$here/runtime/lib" --out "$here/results" "$@"
