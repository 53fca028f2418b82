package main

import (
	abci "github.com/cometbft/cometbft/abci/types"
	dbm "github.com/cosmos/cosmos-db"

	"cosmossdk.io/depinject"
	"cosmossdk.io/log"
	_ "cosmossdk.io/x/evidence"
	_ "cosmossdk.io/x/feegrant/module"

	"github.com/cosmos/cosmos-sdk/baseapp"
	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/codec"
	"github.com/cosmos/cosmos-sdk/codec/types"
	"github.com/cosmos/cosmos-sdk/runtime"
	"github.com/cosmos/cosmos-sdk/testutil/configurator"
	simtestutil "github.com/cosmos/cosmos-sdk/testutil/sims"
	_ "github.com/cosmos/cosmos-sdk/x/auth"
	authkeeper "github.com/cosmos/cosmos-sdk/x/auth/keeper"
	_ "github.com/cosmos/cosmos-sdk/x/auth/tx/config"
	_ "github.com/cosmos/cosmos-sdk/x/auth/vesting"
	_ "github.com/cosmos/cosmos-sdk/x/authz/module"
	_ "github.com/cosmos/cosmos-sdk/x/bank"
	_ "github.com/cosmos/cosmos-sdk/x/consensus"
	_ "github.com/cosmos/cosmos-sdk/x/distribution"
	_ "github.com/cosmos/cosmos-sdk/x/genutil"
	_ "github.com/cosmos/cosmos-sdk/x/gov"
	_ "github.com/cosmos/cosmos-sdk/x/mint"
	_ "github.com/cosmos/cosmos-sdk/x/params"
	_ "github.com/cosmos/cosmos-sdk/x/slashing"
	_ "github.com/cosmos/cosmos-sdk/x/staking"
	stakingkeeper "github.com/cosmos/cosmos-sdk/x/staking/keeper"
)

// application is the SDK's own: every module that ours has a peer for, in the SDK's usual order, with its usual ante chain.
type application struct {
	*runtime.App
	codec    codec.Codec
	registry types.InterfaceRegistry
	txConfig client.TxConfig
	accounts authkeeper.AccountKeeper
	staking  *stakingkeeper.Keeper
}

func newApplication(chainID string) *application {
	a := &application{}
	var builder *runtime.AppBuilder
	check(depinject.Inject(
		depinject.Configs(
			configurator.NewAppConfig(
				configurator.AuthModule(), configurator.VestingModule(), configurator.BankModule(), configurator.StakingModule(),
				configurator.DistributionModule(), configurator.SlashingModule(), configurator.EvidenceModule(), configurator.MintModule(),
				configurator.GovModule(), configurator.AuthzModule(), configurator.FeegrantModule(), configurator.GenutilModule(),
				configurator.ConsensusModule(), configurator.ParamsModule(), configurator.TxModule(),
			),
			depinject.Supply(log.NewNopLogger(), simtestutil.EmptyAppOptions{}),
		),
		&builder, &a.codec, &a.registry, &a.txConfig, &a.accounts, &a.staking,
	))
	a.App = builder.Build(dbm.NewMemDB(), nil, baseapp.SetChainID(chainID))
	check(a.Load(true))
	return a
}

// ask answers a gRPC query over the last committed state, as CometBFT's abci_query would.
func (a *application) ask(path string, request []byte) *abci.ResponseQuery {
	answer, err := a.Query(nil, &abci.RequestQuery{Path: path, Data: request})
	check(err)
	return answer
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
