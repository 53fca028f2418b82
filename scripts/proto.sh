#!/bin/sh
# Generates proto/gen from proto/foreign.binpb and proto/computronium/**/*.proto.
# Does nothing when none of its inputs changed since the last run.
set -eu
cd "$(dirname "$0")/.."
stamp=proto/gen/.inputs
inputs=$(cat proto/foreign.binpb proto/generate.js proto/compile/main.go proto/compile/go.sum package-lock.json $(find proto/computronium -name '*.proto' | LC_ALL=C sort) | sha256sum)
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$inputs" ]; then
  exit 0
fi
mkdir -p build
(cd proto/compile && go build -o ../../build/protocompile .)
./build/protocompile proto/foreign.binpb proto build/computronium.binpb
node proto/generate.js proto/foreign.binpb build/computronium.binpb proto/gen
printf '%s' "$inputs" > "$stamp"
