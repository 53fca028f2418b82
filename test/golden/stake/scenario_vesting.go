package main

import (
	"time"

	sdk "github.com/cosmos/cosmos-sdk/types"
	vestingtypes "github.com/cosmos/cosmos-sdk/x/auth/vesting/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
)

// vesting: accounts of every kind, from genesis and made by messages, that delegate what they may not spend, before and after slashes.
func vesting() *run {
	v, p := validators(3), people(3)
	holders := vestingKinds()
	r := start("vesting", 0, &genesis{validators: v, selfBond: []int64{90_000_007, 60_000_003, 31_000_001}, people: p, vesting: holders})
	var h []*person
	for _, holder := range holders {
		h = append(h, holder.person)
	}
	r.block(5 * seconds)
	r.askAccounts(h...)
	var txs []*planned
	for i, one := range h {
		txs = append(txs,
			one.tx("delegates more than it may spend", delegate(one, v[2], 40_000_003)),
			one.tx("sends more than it may spend", send(one, p[0], stake(12_000_000))),
			one.tx("sends what it may spend", send(one, p[0], stake(9_000_000+int64(i)))),
			one.tx("sends the other denom", send(one, p[0], photon(1))),
			one.tx("delegates again", delegate(one, v[1], 20_000_000)),
		)
	}
	r.block(5*seconds, txs...)
	r.askAccounts(h...)
	made := []*person{named("made continuous"), named("made delayed"), named("made periodic"), named("made locked")}
	end := genesisTime.Add(20 * day).Unix()
	coins := sdk.NewCoins(stake(5_000_001), photon(101))
	r.block(5*seconds,
		p[0].tx("makes an account", vestingtypes.NewMsgCreateVestingAccount(p[0].acc(), made[0].acc(), coins, end, false)),
		p[0].tx("makes an account", vestingtypes.NewMsgCreateVestingAccount(p[0].acc(), made[1].acc(), coins, end, true)),
		p[0].tx("makes an account", vestingtypes.NewMsgCreatePeriodicVestingAccount(p[0].acc(), made[2].acc(), genesisTime.Unix(), []vestingtypes.Period{
			{Length: 86_400, Amount: sdk.NewCoins(stake(1_000_001))}, {Length: 9 * 86_400, Amount: sdk.NewCoins(stake(4_000_000), photon(101))}})),
		p[0].tx("makes an account", vestingtypes.NewMsgCreatePermanentLockedAccount(p[0].acc(), made[3].acc(), coins)),
		p[1].tx("makes an account that is there", vestingtypes.NewMsgCreateVestingAccount(p[1].acc(), p[2].acc(), coins, end, false)),
		p[1].tx("makes an account of what it has not", vestingtypes.NewMsgCreateVestingAccount(p[1].acc(), named("poor").acc(), sdk.NewCoins(stake(9_000_000_000)), end, false)),
		p[1].tx("makes an account that ended", vestingtypes.NewMsgCreateVestingAccount(p[1].acc(), named("late").acc(), coins, 5, false)),
	)
	r.block(5*seconds,
		p[1].tx("gives them fees", &banktypes.MsgMultiSend{
			Inputs: []banktypes.Input{{Address: p[1].addr(), Coins: sdk.NewCoins(stake(400_000))}},
			Outputs: []banktypes.Output{
				{Address: made[0].addr(), Coins: sdk.NewCoins(stake(100_000))}, {Address: made[1].addr(), Coins: sdk.NewCoins(stake(100_000))},
				{Address: made[2].addr(), Coins: sdk.NewCoins(stake(100_000))}, {Address: made[3].addr(), Coins: sdk.NewCoins(stake(100_000))},
			}}),
	)
	r.people = append(r.people, made...)
	h = append(h, made...)
	r.askAccounts(h...)
	txs = nil
	for _, one := range made {
		txs = append(txs, one.tx("delegates", delegate(one, v[2], 3_000_001)), one.tx("sends", send(one, p[0], stake(90_001))))
	}
	r.block(5*seconds, txs...)
	r.checkpoint()
	r.stop(v[2])
	r.blocks(22, time.Hour)
	r.checkpoint()
	txs = nil
	for _, one := range h {
		txs = append(txs,
			one.tx("undelegates after the slash", undelegate(one, v[2], 1_000_000)),
			one.tx("sends what has vested", send(one, p[0], stake(100_000))),
			one.tx("withdraws", withdraw(one, v[2])),
		)
	}
	r.block(time.Hour, txs...)
	r.askAccounts(h...)
	r.blocks(2, 2*day)
	r.askAccounts(h...)
	r.block(3*day, h[0].tx("undelegates elsewhere", undelegate(h[0], v[1], 20_000_000)), h[3].tx("undelegates elsewhere", undelegate(h[3], v[1], 20_000_000)))
	r.askAccounts(h...)
	r.blocks(3, 8*day)
	r.askAccounts(h...)
	txs = nil
	for _, one := range h {
		txs = append(txs, one.tx("sends", send(one, p[0], stake(2_500_000))), one.tx("undelegates the rest or fails", undelegate(one, v[2], 36_000_000)))
	}
	r.block(time.Hour, txs...)
	r.blocks(2, 11*day)
	r.askAccounts(h...)
	r.checkpoint()
	return r
}
