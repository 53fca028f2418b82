#!/bin/sh
# Builds simd (scripts/peers/simd: Cosmos SDK 0.53.8 + ibc-go 10.7.0) into the cache folder and prints the path.
# With --c-signatures: libsecp256k1 in place of Go's secp256k1 (needs a C compiler). Minutes when cold, else nothing.
set -eu
cd "$(dirname "$0")/simd"
name=simd tags= ldflags=
if [ "${1:-}" = --c-signatures ]; then
  name=simd-c
  tags=libsecp256k1_sdk
  # go-ethereum and the SDK each bring a copy of the C library
  ldflags=-extldflags=-Wl,--allow-multiple-definition
elif [ $# -gt 0 ]; then
  echo "usage: build-simd.sh [--c-signatures]" >&2
  exit 2
fi
cache=${COMPUTRONIUM_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/computronium}
inputs=$(cat main.go go.mod go.sum ../build-simd.sh | sha256sum | cut -c1-16)
binary=$cache/$name-$inputs
if [ ! -x "$binary" ]; then
  mkdir -p "$cache"
  echo "building $name from its Go module: 4 to 8 minutes on two cores when nothing is cached" >&2
  CGO_ENABLED=1 go build -buildvcs=false -trimpath -tags "$tags" -ldflags "$ldflags" -o "$binary.$$" . >&2
  mv "$binary.$$" "$binary"
fi
echo "$binary"
