#!/bin/sh
# Builds grpcurl, a stock gRPC client that knows nothing but what reflection tells it, into the cache folder and prints the path.
set -eu
version=v1.9.3
cache=${COMPUTRONIUM_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/computronium}
folder=$cache/grpcurl-$version
if [ ! -x "$folder/grpcurl" ]; then
  mkdir -p "$folder"
  echo "building grpcurl $version from its Go module: a minute when nothing is cached" >&2
  GOBIN=$folder GOFLAGS= go install "github.com/fullstorydev/grpcurl/cmd/grpcurl@$version" >&2
fi
echo "$folder/grpcurl"
