#!/bin/sh
# Writes bin/computroniumd: runs the compiled daemon of this checkout, wherever the checkout lies.
set -eu
cd "$(dirname "$0")/.."
mkdir -p bin
# A block makes megabytes of short-lived objects: with a young generation that holds them, few are copied by the collector.
flags=$(cat scripts/node-flags)
cat > bin/computroniumd.new <<SCRIPT
#!/bin/sh
here=\$(cd "\$(dirname "\$(readlink -f "\$0")")/.." && pwd)
exec node $flags "\$here/dist/abci-app/main.js" "\$@"
SCRIPT
chmod +x bin/computroniumd.new
mv bin/computroniumd.new bin/computroniumd
