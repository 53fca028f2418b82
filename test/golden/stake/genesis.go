package main

import (
	"encoding/json"
	"fmt"
	"time"

	"cosmossdk.io/math"

	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	vestingtypes "github.com/cosmos/cosmos-sdk/x/auth/vesting/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"
	govtypes "github.com/cosmos/cosmos-sdk/x/gov/types"
	govv1 "github.com/cosmos/cosmos-sdk/x/gov/types/v1"
	minttypes "github.com/cosmos/cosmos-sdk/x/mint/types"
	slashingtypes "github.com/cosmos/cosmos-sdk/x/slashing/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"
)

const (
	denom   = "stake"
	foreign = "photon"
	// lastNumber is the number of the last account of genesis. Between the accounts below and it is room for the module
	// accounts that only one of the two applications has, so that accounts made later get the same numbers on both.
	lastNumber = 99
)

var genesisTime = time.Date(2027, 1, 1, 12, 0, 0, 0, time.UTC)

// genesis is what a scenario begins with.
type genesis struct {
	validators []*validator
	// self delegations of the validators, in base units of stake.
	selfBond []int64
	// people have coins of both denoms.
	people []*person
	// vesting accounts, with what they hold.
	vesting []vestingHolder
	gentxs  bool
	change  func(*parts)
}

type vestingHolder struct {
	*person
	account func(base *authtypes.BaseAccount) authtypes.GenesisAccount
	coins   sdk.Coins
}

// parts are those of the state that scenarios change.
type parts struct {
	staking      *stakingtypes.GenesisState
	distribution *distrtypes.GenesisState
	slashing     *slashingtypes.GenesisState
	gov          *govv1.GenesisState
	mint         *minttypes.GenesisState
}

func (g *genesis) state(a *application) json.RawMessage {
	p := &parts{
		staking:      stakingtypes.DefaultGenesisState(),
		distribution: distrtypes.DefaultGenesisState(),
		slashing:     slashingtypes.DefaultGenesisState(),
		gov:          govv1.DefaultGenesisState(),
		mint:         minttypes.DefaultGenesisState(),
	}
	p.staking.Params.MaxValidators = 4
	p.staking.Params.HistoricalEntries = 20
	p.slashing.Params.SignedBlocksWindow = 20
	p.slashing.Params.MinSignedPerWindow = dec("0.5")
	p.slashing.Params.SlashFractionDowntime = dec("0.013")
	if g.change != nil {
		g.change(p)
	}
	accounts, balances := g.accounts()
	state := a.DefaultGenesis()
	if g.gentxs {
		state["genutil"] = g.genesisTxs(a)
	} else {
		balances = append(balances, g.bond(p))
	}
	packed, err := authtypes.PackAccounts(accounts)
	check(err)
	auth := authtypes.DefaultGenesisState()
	auth.Accounts = packed
	bank := banktypes.DefaultGenesisState()
	bank.Balances = balances
	for _, balance := range balances {
		bank.Supply = bank.Supply.Add(balance.Coins...)
	}
	state[authtypes.ModuleName] = a.codec.MustMarshalJSON(auth)
	state[banktypes.ModuleName] = a.codec.MustMarshalJSON(bank)
	state[stakingtypes.ModuleName] = a.codec.MustMarshalJSON(p.staking)
	state[distrtypes.ModuleName] = a.codec.MustMarshalJSON(p.distribution)
	state[slashingtypes.ModuleName] = a.codec.MustMarshalJSON(p.slashing)
	state[govtypes.ModuleName] = a.codec.MustMarshalJSON(p.gov)
	state[minttypes.ModuleName] = a.codec.MustMarshalJSON(p.mint)
	text, err := json.Marshal(state)
	check(err)
	return text
}

func (g *genesis) accounts() (accounts authtypes.GenesisAccounts, balances []banktypes.Balance) {
	next := uint64(0)
	base := func(address sdk.AccAddress) *authtypes.BaseAccount {
		next++
		return authtypes.NewBaseAccount(address, nil, next-1, 0)
	}
	give := func(address string, coins sdk.Coins) {
		balances = append(balances, banktypes.Balance{Address: address, Coins: coins})
	}
	for i, v := range g.validators {
		accounts = append(accounts, base(v.acc()))
		coins := sdk.NewCoins(stake(500_000_000))
		if g.gentxs {
			coins = coins.Add(stake(g.selfBond[i]))
		}
		give(v.addr(), coins)
	}
	for _, p := range g.people {
		accounts = append(accounts, base(p.acc()))
		give(p.addr(), sdk.NewCoins(stake(1_000_000_000), sdk.NewCoin(foreign, math.NewInt(7_000_000))))
	}
	for i := range carelessPeople {
		p := named(fmt.Sprintf("careless %d", i))
		accounts = append(accounts, base(p.acc()))
		give(p.addr(), sdk.NewCoins(stake(1_000_000)))
	}
	for _, v := range g.vesting {
		accounts = append(accounts, v.account(base(v.acc())))
		give(v.addr(), v.coins)
	}
	for _, module := range []struct {
		name        string
		permissions []string
	}{
		{"fee_collector", nil}, {"distribution", nil}, {"mint", []string{"minter"}},
		{"bonded_tokens_pool", []string{"burner", "staking"}}, {"not_bonded_tokens_pool", []string{"burner", "staking"}}, {"gov", []string{"burner"}},
	} {
		b := base(authtypes.NewModuleAddress(module.name))
		accounts = append(accounts, authtypes.NewModuleAccount(b, module.name, module.permissions...))
	}
	next = lastNumber
	accounts = append(accounts, base(named("last").acc()))
	return accounts, balances
}

// bond puts the validators into the state of staking, which bonds the strongest of them when the chain begins.
func (g *genesis) bond(p *parts) banktypes.Balance {
	total := sdk.NewCoins()
	for i, v := range g.validators {
		bonded := math.NewInt(g.selfBond[i])
		key, err := codectypes.NewAnyWithValue(v.signer.PubKey())
		check(err)
		p.staking.Validators = append(p.staking.Validators, stakingtypes.Validator{
			OperatorAddress: v.oper(), ConsensusPubkey: key, Status: stakingtypes.Unbonded, Tokens: bonded, DelegatorShares: math.LegacyNewDecFromInt(bonded),
			Description: stakingtypes.Description{Moniker: v.name}, UnbondingTime: time.Unix(0, 0).UTC(), MinSelfDelegation: math.NewInt(1_000_000),
			Commission: stakingtypes.NewCommissionWithTime(rates(i).Rate, rates(i).MaxRate, rates(i).MaxChangeRate, genesisTime.Add(-48*time.Hour)),
		})
		p.staking.Delegations = append(p.staking.Delegations, stakingtypes.NewDelegation(v.addr(), v.oper(), math.LegacyNewDecFromInt(bonded)))
		total = total.Add(sdk.NewCoin(denom, bonded))
	}
	return banktypes.Balance{Address: moduleAddress(stakingtypes.NotBondedPoolName), Coins: total}
}

func (g *genesis) genesisTxs(a *application) json.RawMessage {
	var txs []json.RawMessage
	for i, v := range g.validators {
		signed := a.sign(chainID, 0, 0, nil, nil, &planned{by: v.person, msgs: []sdk.Msg{create(v, g.selfBond[i], rates(i))}})
		decoded, err := a.txConfig.TxDecoder()(signed)
		check(err)
		text, err := a.txConfig.TxJSONEncoder()(decoded)
		check(err)
		txs = append(txs, text)
	}
	text, err := json.Marshal(map[string]any{"gen_txs": txs})
	check(err)
	return text
}

// vestingKinds has one of each kind, over the days after genesis.
func vestingKinds() []vestingHolder {
	start, day := genesisTime.Unix(), int64(day/time.Second)
	vest := sdk.NewCoins(stake(90_000_001), sdk.NewCoin(foreign, math.NewInt(333)))
	holds := vest.Add(stake(10_000_000))
	of := func(name string, account func(*authtypes.BaseAccount) (authtypes.GenesisAccount, error)) vestingHolder {
		return vestingHolder{named(name), func(base *authtypes.BaseAccount) authtypes.GenesisAccount {
			made, err := account(base)
			check(err)
			return made
		}, holds}
	}
	return []vestingHolder{
		of("continuous", func(b *authtypes.BaseAccount) (authtypes.GenesisAccount, error) {
			return vestingtypes.NewContinuousVestingAccount(b, vest, start, start+30*day+1)
		}),
		of("delayed", func(b *authtypes.BaseAccount) (authtypes.GenesisAccount, error) {
			return vestingtypes.NewDelayedVestingAccount(b, vest, start+10*day)
		}),
		of("periodic", func(b *authtypes.BaseAccount) (authtypes.GenesisAccount, error) {
			periods := vestingtypes.Periods{
				{Length: 2 * day, Amount: sdk.NewCoins(stake(30_000_000))},
				{Length: 5 * day, Amount: sdk.NewCoins(stake(30_000_001), sdk.NewCoin(foreign, math.NewInt(333)))},
				{Length: 20 * day, Amount: sdk.NewCoins(stake(30_000_000))},
			}
			return vestingtypes.NewPeriodicVestingAccount(b, vest, start, periods)
		}),
		of("locked", func(b *authtypes.BaseAccount) (authtypes.GenesisAccount, error) {
			return vestingtypes.NewPermanentLockedAccount(b, vest)
		}),
	}
}

func people(count int) (all []*person) {
	for i := range count {
		all = append(all, named(fmt.Sprintf("person %d", i)))
	}
	return all
}

func validators(count int) (all []*validator) {
	for i := range count {
		all = append(all, validatorNamed(fmt.Sprintf("validator %d", i)))
	}
	return all
}
