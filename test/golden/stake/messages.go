package main

import (
	"time"

	"cosmossdk.io/math"

	"github.com/cosmos/gogoproto/proto"

	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"
	slashingtypes "github.com/cosmos/cosmos-sdk/x/slashing/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"
)

func stake(amount int64) sdk.Coin { return sdk.NewCoin(denom, math.NewInt(amount)) }

func photon(amount int64) sdk.Coin { return sdk.NewCoin(foreign, math.NewInt(amount)) }

func dec(text string) math.LegacyDec { return math.LegacyMustNewDecFromStr(text) }

func send(from, to *person, coins ...sdk.Coin) sdk.Msg {
	return &banktypes.MsgSend{FromAddress: from.addr(), ToAddress: to.addr(), Amount: sdk.NewCoins(coins...)}
}

func create(v *validator, amount int64, rates stakingtypes.CommissionRates) sdk.Msg {
	msg, err := stakingtypes.NewMsgCreateValidator(
		v.oper(), v.signer.PubKey(), stake(amount), stakingtypes.Description{Moniker: v.name}, rates, math.NewInt(1_000_000))
	check(err)
	return msg
}

func delegate(p *person, v *validator, amount int64) sdk.Msg {
	return &stakingtypes.MsgDelegate{DelegatorAddress: p.addr(), ValidatorAddress: v.oper(), Amount: stake(amount)}
}

func undelegate(p *person, v *validator, amount int64) sdk.Msg {
	return &stakingtypes.MsgUndelegate{DelegatorAddress: p.addr(), ValidatorAddress: v.oper(), Amount: stake(amount)}
}

func cancel(p *person, v *validator, amount, height int64) sdk.Msg {
	return &stakingtypes.MsgCancelUnbondingDelegation{DelegatorAddress: p.addr(), ValidatorAddress: v.oper(), Amount: stake(amount), CreationHeight: height}
}

func redelegate(p *person, from, to *validator, amount int64) sdk.Msg {
	return &stakingtypes.MsgBeginRedelegate{DelegatorAddress: p.addr(), ValidatorSrcAddress: from.oper(), ValidatorDstAddress: to.oper(), Amount: stake(amount)}
}

func unjail(v *validator) sdk.Msg { return &slashingtypes.MsgUnjail{ValidatorAddr: v.oper()} }

func withdraw(p *person, v *validator) sdk.Msg {
	return &distrtypes.MsgWithdrawDelegatorReward{DelegatorAddress: p.addr(), ValidatorAddress: v.oper()}
}

func withdrawCommission(v *validator) sdk.Msg {
	return &distrtypes.MsgWithdrawValidatorCommission{ValidatorAddress: v.oper()}
}

func edit(v *validator, msg *stakingtypes.MsgEditValidator) sdk.Msg {
	msg.ValidatorAddress = v.oper()
	return msg
}

var unchanged = stakingtypes.NewDescription(
	stakingtypes.DoNotModifyDesc, stakingtypes.DoNotModifyDesc, stakingtypes.DoNotModifyDesc, stakingtypes.DoNotModifyDesc, stakingtypes.DoNotModifyDesc)

func commission(v *validator, rate string) sdk.Msg {
	d := dec(rate)
	return edit(v, &stakingtypes.MsgEditValidator{Description: unchanged, CommissionRate: &d})
}

func minSelf(v *validator, amount int64) sdk.Msg {
	least := math.NewInt(amount)
	return edit(v, &stakingtypes.MsgEditValidator{Description: unchanged, MinSelfDelegation: &least})
}

// rates are commissions with digits that round: 3.7 %, 7.4 %, …
func rates(i int) stakingtypes.CommissionRates {
	return stakingtypes.NewCommissionRates(dec("0.037").MulInt64(int64(i+1)), dec("0.5"), dec("0.05"))
}

func packed(msg proto.Message) *codectypes.Any {
	any, err := codectypes.NewAnyWithValue(msg)
	check(err)
	return any
}

const (
	seconds = time.Second
	day     = 24 * time.Hour
	// unbonding is the default of staking.
	unbonding = 21 * day
)
