#!/bin/sh
# Builds the stock cosmovisor (scripts/peers/cosmovisor/go.mod says which) into the cache folder and prints the path.
set -eu
cd "$(dirname "$0")/cosmovisor"
cache=${COMPUTRONIUM_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/computronium}
inputs=$(cat go.mod go.sum ../build-cosmovisor.sh | sha256sum | cut -c1-16)
binary=$cache/cosmovisor-$inputs
if [ ! -x "$binary" ]; then
  mkdir -p "$cache"
  echo "building cosmovisor from its Go module: a few minutes when nothing is cached" >&2
  go build -buildvcs=false -trimpath -o "$binary.$$" cosmossdk.io/tools/cosmovisor/cmd/cosmovisor >&2
  mv "$binary.$$" "$binary"
fi
echo "$binary"
