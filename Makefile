# Everything a person or CI runs. Each target sets up what it needs.
SHELL := /bin/sh
.PHONY: all build demo localnet test test-interop test-long simulate economics lint format proto bench golden release clean

all: build

node_modules/.installed: package-lock.json package.json client/package.json provider/package.json proto/package.json
	npm ci --silent
	@touch $@

proto: node_modules/.installed
	sh scripts/proto.sh

build: proto
	npm run -s compile
	sh scripts/bin.sh

# The main job: a network of four validators on which agents buy and sell compute.
demo: build
	node dist/scripts/demo.js

localnet: build
	node dist/localnet/main.js start

# At most 15 minutes on 2 cores. The last line says how many passed and failed.
test: build
	node scripts/run-tests.js test

# With slow peers: a Go Cosmos chain, Go's own Merkle tree and decoders.
test-interop: build
	node scripts/run-tests.js interop

# Soaks; hours.
test-long: build
	node scripts/run-tests.js long

# A seeded life of the chain, checked at every transaction (test/simulator): make simulate SEED=7 BLOCKS=500
SEED ?= 1
BLOCKS ?= 200
simulate: build
	node dist/test/simulator/main.js --seed $(SEED) --blocks $(BLOCKS)

# docs/economics.md and its plots: the coin over ten years, by the chain's own formulas.
economics: build
	node dist/scripts/economics/main.js docs

lint: build
	npm run -s lint

format: node_modules/.installed
	npm run -s format

# Archives to install, in build/release: for this machine's platform, or for those in PLATFORMS.
release: build
	node dist/scripts/release/main.js build/release $(PLATFORMS)

bench: build
	node dist/bench/all.js

# Writes the pinned golden vectors anew, from the Go modules; after a change of our messages, or of what makes them.
golden: proto
	cd test/golden/iavl && go run . golden .
	cd test/golden/stake && go run . golden .
	cd test/golden/tx && go run . 1 160 > vectors.json.new && mv vectors.json.new vectors.json
	cd test/golden/tx && go run ./validators 1 12 > validators/vectors.json
	cd test/golden/tx && go run ./amino ../../../proto/foreign.binpb ../../../build/computronium.binpb 1 12 > amino/vectors.json.new && \
		mv amino/vectors.json.new amino/vectors.json
	cd test/golden/tx && go run ./vesting 1 40 > vesting/vectors.json.new && mv vesting/vectors.json.new vesting/vectors.json
	cd test/golden/tx && go run ./math 1 40 > math/vectors.json.new && mv math/vectors.json.new math/vectors.json
	cd test/golden/tx && go run ./mint 1 400 > mint/vectors.json.new && mv mint/vectors.json.new mint/vectors.json

clean:
	rm -rf dist build bin client/dist provider/dist proto/gen
