module computronium.network/peers/cosmovisor

go 1.25

require cosmossdk.io/tools/cosmovisor v1.5.0

tool cosmossdk.io/tools/cosmovisor/cmd/cosmovisor
