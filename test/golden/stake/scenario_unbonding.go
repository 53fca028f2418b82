package main

import (
	"time"

	sdk "github.com/cosmos/cosmos-sdk/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"
)

// unbondings: undelegations and redelegations with their limits, cancelled ones, queues that come due, validators that
// come, are pushed out of the active set, fall below their own minimum and vanish.
func unbondings() *run {
	v, p := validators(6), people(5)
	r := start("unbonding", 0, &genesis{
		validators: v[:5], selfBond: []int64{30_000_007, 20_000_003, 11_000_001, 9_999_999, 9_999_998}, people: append(p, v[5].person),
		change: func(g *parts) { g.staking.Params.MaxEntries = 3 },
	})
	r.validators = v
	r.block(5 * seconds)
	r.checkpoint()
	r.block(5*seconds,
		p[0].tx("delegates to all", delegate(p[0], v[0], 40_000_001), delegate(p[0], v[1], 40_000_003), delegate(p[0], v[2], 40_000_007), delegate(p[0], v[3], 1_000_000)),
		p[1].tx("delegates", delegate(p[1], v[0], 10_000_000)),
		p[2].tx("delegates", delegate(p[2], v[1], 33_333_333)),
	)
	r.block(5*seconds,
		p[0].tx("undelegates some", undelegate(p[0], v[0], 1_000_001)),
		p[0].tx("undelegates more than it has", undelegate(p[0], v[0], 40_000_001)),
		p[0].tx("undelegates twice in a block", undelegate(p[0], v[0], 2_000_002), undelegate(p[0], v[0], 3_000_003)),
		p[1].tx("undelegates from where it has nothing", undelegate(p[1], v[2], 1)),
		p[1].tx("redelegates to the same", redelegate(p[1], v[0], v[0], 1)),
		p[1].tx("redelegates", redelegate(p[1], v[0], v[2], 4_000_000)),
		p[2].tx("redelegates from where it has nothing", redelegate(p[2], v[0], v[2], 5)),
	)
	r.block(time.Hour,
		p[0].tx("undelegates again", undelegate(p[0], v[0], 4)),
		p[0].tx("undelegates once more", undelegate(p[0], v[0], 5)),
		p[1].tx("redelegates what was redelegated", redelegate(p[1], v[2], v[3], 1_000_000)),
		p[1].tx("redelegates the rest", redelegate(p[1], v[0], v[2], 6_000_000)),
		p[2].tx("redelegates to the least", redelegate(p[2], v[1], v[4], 2_000_000)),
	)
	r.checkpoint()
	r.block(time.Hour, p[0].tx("undelegates a third time", undelegate(p[0], v[0], 6)), p[0].tx("undelegates elsewhere", undelegate(p[0], v[1], 7)))
	r.block(time.Hour, p[0].tx("undelegates too often", undelegate(p[0], v[0], 6)))
	r.block(time.Hour,
		p[0].tx("cancels a part", cancel(p[0], v[0], 1_000_000, 3)),
		p[0].tx("cancels more than there is", cancel(p[0], v[0], 10_000_000, 3)),
		p[0].tx("cancels what is not there", cancel(p[0], v[0], 5, 77)),
		p[0].tx("cancels a whole one", cancel(p[0], v[1], 7, 5)),
		p[2].tx("cancels another's", cancel(p[2], v[0], 5, 3)),
	)
	r.checkpoint()
	r.block(time.Hour,
		v[5].tx("becomes a validator", create(v[5], 50_000_000, rates(2))),
		v[0].tx("becomes one again", create(v[0], 50_000_000, rates(2))),
		p[3].tx("becomes one with another's key", create(&validator{person: p[3], signer: v[1].signer}, 50_000_000, rates(2))),
		r.wrong("becomes one with too little", func(p *person) sdk.Msg {
			return create(&validator{person: p, signer: validatorNamed("spare").signer}, 999_999, rates(2))
		}),
		r.wrong("becomes one with a rate above the limit", func(p *person) sdk.Msg {
			return create(&validator{person: p, signer: validatorNamed("spare").signer}, 1_000_000, stakingtypes.NewCommissionRates(dec("0.2"), dec("0.1"), dec("0.01")))
		}),
	)
	r.blocks(3, 5*seconds)
	r.checkpoint()
	r.block(time.Hour,
		p[2].tx("delegates to one that is not active", delegate(p[2], v[4], 5_000_000)),
		v[2].tx("undelegates below its own minimum", undelegate(v[2].person, v[2], 10_500_000)),
		v[3].tx("undelegates all", undelegate(v[3].person, v[3], 9_999_999)),
	)
	r.blocks(3, 5*seconds)
	r.checkpoint()
	r.block(time.Hour,
		v[2].tx("unjails without the minimum", unjail(v[2])),
		v[3].tx("unjails without a delegation", unjail(v[3])),
		p[0].tx("undelegates from a jailed one", undelegate(p[0], v[2], 1_000_000)),
		p[0].tx("redelegates from a jailed one", redelegate(p[0], v[2], v[1], 2_000_000)),
		p[0].tx("leaves the one without its operator", undelegate(p[0], v[3], 1_000_000)),
		p[1].tx("undelegates what was redelegated", undelegate(p[1], v[2], 3_000_000)),
	)
	r.block(time.Hour, v[2].tx("delegates to itself again", delegate(v[2].person, v[2], 20_000_000)), v[2].tx("unjails", unjail(v[2])))
	r.blocks(2, 5*seconds)
	r.checkpoint()
	r.block(unbonding-10*time.Hour, p[2].tx("undelegates from one that unbonds", undelegate(p[2], v[4], 1_000_000)))
	r.blocks(3, 90*time.Minute)
	r.checkpoint()
	r.blocks(6, 3*time.Hour)
	r.checkpoint()
	r.block(time.Hour,
		p[2].tx("undelegates from one that unbonded", undelegate(p[2], v[4], 1_000_000)),
		p[2].tx("redelegates from one that unbonded", redelegate(p[2], v[4], v[0], 2_000_000)),
		v[4].tx("leaves", undelegate(v[4].person, v[4], 9_999_998)),
	)
	r.block(time.Hour, p[2].tx("leaves, and the validator is no more", undelegate(p[2], v[4], 3_000_000)))
	r.checkpoint()
	r.blocks(2, unbonding)
	r.checkpoint()
	return r
}
