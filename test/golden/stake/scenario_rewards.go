package main

import (
	"time"

	sdk "github.com/cosmos/cosmos-sdk/types"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"
)

// rewards: inflation, fees in two denoms, commission and its bounds, withdrawals, withdraw addresses, the community pool.
func rewards() *run {
	v, p := validators(4), people(5)
	r := start("rewards", 0, &genesis{validators: v, selfBond: []int64{30_000_007, 20_000_003, 11_000_001, 9_999_999}, people: p, gentxs: true})
	r.block(5 * time.Second)
	r.askParameters()
	r.checkpoint()
	r.block(6*time.Second,
		p[0].tx("delegates", delegate(p[0], v[0], 123_456_789)),
		p[1].tx("delegates to two", delegate(p[1], v[1], 77_777_777), delegate(p[1], v[2], 3)),
		p[2].tx("delegates the other denom", &stakingtypes.MsgDelegate{DelegatorAddress: p[2].addr(), ValidatorAddress: v[0].oper(), Amount: photon(5)}),
		p[3].tx("delegates more than there is", delegate(p[3], v[0], 2_000_000_000)),
		p[4].tx("delegates to nobody", &stakingtypes.MsgDelegate{DelegatorAddress: p[4].addr(), ValidatorAddress: sdk.ValAddress(p[0].acc()).String(), Amount: stake(5)}),
	)
	r.block(5*time.Second, p[2].tx("pays in the other denom", send(p[2], p[3], stake(1))).paying(photon(7_777)))
	r.blocks(3, 5*time.Second)
	r.checkpoint()
	r.block(5*time.Second,
		p[0].tx("withdraws", withdraw(p[0], v[0])),
		p[1].tx("withdraws both", withdraw(p[1], v[1]), withdraw(p[1], v[2])),
		p[2].tx("withdraws from where it has nothing", withdraw(p[2], v[1])),
		v[0].tx("withdraws commission", withdrawCommission(v[0])),
		p[3].tx("withdraws commission without being a validator", &distrtypes.MsgWithdrawValidatorCommission{ValidatorAddress: sdk.ValAddress(p[3].acc()).String()}),
	)
	r.checkpoint()
	r.block(5*time.Second,
		p[0].tx("has rewards sent elsewhere", &distrtypes.MsgSetWithdrawAddress{DelegatorAddress: p[0].addr(), WithdrawAddress: p[4].addr()}),
		p[1].tx("has rewards sent to a module", &distrtypes.MsgSetWithdrawAddress{DelegatorAddress: p[1].addr(), WithdrawAddress: moduleAddress("distribution")}),
		p[2].tx("funds the community pool", &distrtypes.MsgFundCommunityPool{Depositor: p[2].addr(), Amount: sdk.NewCoins(stake(1_000_001), photon(17))}),
		p[3].tx("funds it with what it has not", &distrtypes.MsgFundCommunityPool{Depositor: p[3].addr(), Amount: sdk.NewCoins(stake(5_000_000_000))}),
		p[4].tx("funds a validator's rewards", &distrtypes.MsgDepositValidatorRewardsPool{Depositor: p[4].addr(), ValidatorAddress: v[1].oper(), Amount: sdk.NewCoins(stake(999_999), photon(100_000))}),
	)
	r.blocks(2, 7*time.Second)
	r.block(5*time.Second,
		p[0].tx("adds to its delegation, which withdraws", delegate(p[0], v[0], 1)),
		v[1].tx("changes its commission too early", commission(v[1], "0.08")),
		v[2].tx("changes its description", edit(v[2], &stakingtypes.MsgEditValidator{Description: stakingtypes.Description{
			Moniker: "new name", Identity: "[do-not-modify]", Website: "https://example.org", SecurityContact: "[do-not-modify]", Details: "details",
		}})),
		v[3].tx("asks more of itself than it has", minSelf(v[3], 10_000_000)),
		v[3].tx("asks more of itself", minSelf(v[3], 9_000_000)),
		v[3].tx("asks less of itself", minSelf(v[3], 8_000_000)),
	)
	r.block(25*time.Hour,
		v[0].tx("raises its commission by too much", commission(v[0], "0.1")),
		v[1].tx("raises its commission above its limit", commission(v[1], "0.51")),
		v[2].tx("raises its commission", commission(v[2], "0.155555555555555555")),
		p[1].tx("pays much", send(p[1], p[3], stake(1))).paying(stake(1_000_003), photon(11)),
	)
	r.blocks(4, 5*time.Second)
	r.checkpoint()
	r.block(5*time.Second,
		p[0].tx("withdraws to elsewhere", withdraw(p[0], v[0])),
		p[1].tx("undelegates all, which withdraws", undelegate(p[1], v[1], 77_777_777)),
		p[1].tx("withdraws a unit's reward", withdraw(p[1], v[2])),
		v[2].tx("withdraws both", withdraw(v[2].person, v[2]), withdrawCommission(v[2])),
	)
	r.checkpoint()
	for range 3 {
		r.stop(v[3])
		r.block(5 * time.Second)
		r.begin(v[3])
		r.block(5 * time.Second)
	}
	r.checkpoint()
	return r
}
