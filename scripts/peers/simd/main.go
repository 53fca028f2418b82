package main

import (
	"fmt"
	"io"
	"os"

	dbm "github.com/cosmos/cosmos-db"
	"github.com/spf13/cobra"

	"cosmossdk.io/client/v2/autocli"
	"cosmossdk.io/core/appmodule"
	"cosmossdk.io/log"

	cmtcfg "github.com/cometbft/cometbft/config"

	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/client/config"
	"github.com/cosmos/cosmos-sdk/client/debug"
	"github.com/cosmos/cosmos-sdk/client/keys"
	"github.com/cosmos/cosmos-sdk/client/rpc"
	runtimeservices "github.com/cosmos/cosmos-sdk/runtime/services"
	"github.com/cosmos/cosmos-sdk/server"
	svrcmd "github.com/cosmos/cosmos-sdk/server/cmd"
	serverconfig "github.com/cosmos/cosmos-sdk/server/config"
	servertypes "github.com/cosmos/cosmos-sdk/server/types"
	simtestutil "github.com/cosmos/cosmos-sdk/testutil/sims"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/module"
	"github.com/cosmos/cosmos-sdk/x/auth/ante"
	authcmd "github.com/cosmos/cosmos-sdk/x/auth/client/cli"
	authcodec "github.com/cosmos/cosmos-sdk/x/auth/codec"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	"github.com/cosmos/cosmos-sdk/x/genutil"
	genutilcli "github.com/cosmos/cosmos-sdk/x/genutil/client/cli"
	genutiltypes "github.com/cosmos/cosmos-sdk/x/genutil/types"

	ibcante "github.com/cosmos/ibc-go/v10/modules/core/ante"
	"github.com/cosmos/ibc-go/v10/testing/simapp"
)

func newApp(logger log.Logger, db dbm.DB, traceStore io.Writer, appOpts servertypes.AppOptions) servertypes.Application {
	app := simapp.NewSimApp(logger, db, traceStore, false, appOpts, server.DefaultBaseappOptions(appOpts)...)
	// testing/simapp's own ante chain has no fee deduction; put in the usual production chain
	app.SetAnteHandler(sdk.ChainAnteDecorators(
		ante.NewSetUpContextDecorator(),
		ante.NewExtensionOptionsDecorator(nil),
		ante.NewValidateBasicDecorator(),
		ante.NewTxTimeoutHeightDecorator(),
		ante.NewValidateMemoDecorator(app.AccountKeeper),
		ante.NewConsumeGasForTxSizeDecorator(app.AccountKeeper),
		ante.NewDeductFeeDecorator(app.AccountKeeper, app.BankKeeper, nil, nil),
		ante.NewSetPubKeyDecorator(app.AccountKeeper),
		ante.NewValidateSigCountDecorator(app.AccountKeeper),
		ante.NewSigGasConsumeDecorator(app.AccountKeeper, ante.DefaultSigVerificationGasConsumer),
		ante.NewSigVerificationDecorator(app.AccountKeeper, app.TxConfig().SignModeHandler()),
		ante.NewIncrementSequenceDecorator(app.AccountKeeper),
		ibcante.NewRedundantRelayDecorator(app.IBCKeeper),
	))
	if err := app.LoadLatestVersion(); err != nil {
		panic(err)
	}
	return app
}

// What the modules say of their own commands, as the SDK's simapp hands it on: most queries have no other.
func queriesOf(app *simapp.SimApp, ctx client.Context) autocli.AppOptions {
	modules := make(map[string]appmodule.AppModule)
	for name, m := range app.ModuleManager.Modules {
		if one, ok := m.(appmodule.AppModule); ok {
			modules[name] = one
		}
	}
	bech32 := sdk.GetConfig()
	return autocli.AppOptions{
		Modules:               modules,
		ModuleOptions:         runtimeservices.ExtractAutoCLIOptions(app.ModuleManager.Modules),
		AddressCodec:          authcodec.NewBech32Codec(bech32.GetBech32AccountAddrPrefix()),
		ValidatorAddressCodec: authcodec.NewBech32Codec(bech32.GetBech32ValidatorAddrPrefix()),
		ConsensusAddressCodec: authcodec.NewBech32Codec(bech32.GetBech32ConsensusAddrPrefix()),
		ClientCtx:             ctx,
	}
}

func main() {
	temp := simapp.NewSimApp(log.NewNopLogger(), dbm.NewMemDB(), nil, true, simtestutil.NewAppOptionsWithFlagHome(os.TempDir()))
	bm := module.NewBasicManagerFromManager(temp.ModuleManager, map[string]module.AppModuleBasic{
		genutiltypes.ModuleName: genutil.NewAppModuleBasic(genutiltypes.DefaultMessageValidator),
	})
	ictx := client.Context{}.
		WithCodec(temp.AppCodec()).WithInterfaceRegistry(temp.InterfaceRegistry()).
		WithTxConfig(temp.TxConfig()).WithLegacyAmino(temp.LegacyAmino()).
		WithInput(os.Stdin).WithAccountRetriever(authtypes.AccountRetriever{}).
		WithHomeDir(simapp.DefaultNodeHome).WithViper("")
	root := &cobra.Command{Use: "simd", SilenceErrors: true,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			c := ictx.WithCmdContext(cmd.Context())
			c, err := client.ReadPersistentCommandFlags(c, cmd.Flags())
			if err != nil {
				return err
			}
			if c, err = config.ReadFromClientConfig(c); err != nil {
				return err
			}
			if err := client.SetCmdClientContextHandler(c, cmd); err != nil {
				return err
			}
			sc := serverconfig.DefaultConfig()
			sc.MinGasPrices = "0stake"
			return server.InterceptConfigsPreRunHandler(cmd, serverconfig.DefaultConfigTemplate, sc, cmtcfg.DefaultConfig())
		}}
	txCmd := &cobra.Command{Use: "tx", RunE: client.ValidateCmd}
	txCmd.AddCommand(authcmd.GetSignCommand(), authcmd.GetBroadcastCommand())
	qCmd := &cobra.Command{Use: "query", Aliases: []string{"q"}, RunE: client.ValidateCmd}
	qCmd.AddCommand(rpc.QueryEventForTxCmd(), authcmd.QueryTxCmd(), authcmd.QueryTxsByEventsCmd(),
		server.QueryBlockCmd(), server.QueryBlocksCmd(), server.QueryBlockResultsCmd(), rpc.ValidatorCommand())
	bm.AddTxCommands(txCmd)
	bm.AddQueryCommands(qCmd)
	root.AddCommand(genutilcli.InitCmd(bm, simapp.DefaultNodeHome), debug.Cmd(),
		genutilcli.Commands(temp.TxConfig(), bm, simapp.DefaultNodeHome), keys.Commands(), txCmd, qCmd, server.StatusCommand())
	server.AddCommands(root, simapp.DefaultNodeHome, newApp,
		func(log.Logger, dbm.DB, io.Writer, int64, bool, []string, servertypes.AppOptions, []string) (servertypes.ExportedApp, error) {
			return servertypes.ExportedApp{}, fmt.Errorf("no export")
		}, func(*cobra.Command) {})
	if err := queriesOf(temp, ictx).EnhanceRootCommand(root); err != nil {
		panic(err)
	}
	if err := svrcmd.Execute(root, "", simapp.DefaultNodeHome); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
