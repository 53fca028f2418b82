#!/bin/sh
# Runs the node of this release with the Node and the CometBFT that came with it, wherever the release lies. Needs no PATH.
set -eu
self=$0
# A link to this file, such as one in /usr/local/bin.
while [ -L "$self" ]; do
  target=$(PATH=${PATH:-}:/usr/bin:/bin readlink "$self")
  case $target in
    /*) self=$target ;;
    *) self=${self%/*}/$target ;;
  esac
done
here=$(cd "${self%/*}/.." && pwd -P)
COMETBFT_BINARY=${COMETBFT_BINARY:-$here/libexec/cometbft}
export COMETBFT_BINARY
exec "$here/libexec/node" @NODE_FLAGS@ "$here/lib/dist/abci-app/main.js" "$@"
