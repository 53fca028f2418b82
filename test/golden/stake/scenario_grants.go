package main

import (
	"time"

	"cosmossdk.io/x/feegrant"

	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/x/authz"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	govv1 "github.com/cosmos/cosmos-sdk/x/gov/types/v1"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"
)

// grants: staking, voting and sending in another's name, and fees that another pays.
func grants() *run {
	v, p := validators(3), people(6)
	r := start("grants", 0, &genesis{validators: v, selfBond: []int64{90_000_007, 60_000_003, 31_000_001}, people: p})
	owner, agent, other, poor := p[0], p[1], p[2], named("poor")
	r.block(5 * seconds)
	limit := stake(10_000_000)
	soon := r.now.Add(time.Hour)
	stakeIn, err := stakingtypes.NewStakeAuthorization([]sdk.ValAddress{sdk.ValAddress(v[0].acc())}, nil, stakingtypes.AuthorizationType_AUTHORIZATION_TYPE_DELEGATE, &limit)
	check(err)
	stakeOut, err := stakingtypes.NewStakeAuthorization(nil, []sdk.ValAddress{sdk.ValAddress(v[1].acc())}, stakingtypes.AuthorizationType_AUTHORIZATION_TYPE_UNDELEGATE, nil)
	check(err)
	move, err := stakingtypes.NewStakeAuthorization([]sdk.ValAddress{sdk.ValAddress(v[2].acc())}, nil, stakingtypes.AuthorizationType_AUTHORIZATION_TYPE_REDELEGATE, &limit)
	check(err)
	expired := r.now.Add(-time.Hour)
	r.block(5*seconds,
		owner.tx("lets delegate", grant(owner, agent, stakeIn, nil)),
		owner.tx("lets undelegate", grant(owner, agent, stakeOut, &soon)),
		owner.tx("lets redelegate", grant(owner, agent, move, nil)),
		owner.tx("lets vote", grant(owner, agent, authz.NewGenericAuthorization("/cosmos.gov.v1.MsgVote"), nil)),
		owner.tx("lets send", grant(owner, agent, banktypes.NewSendAuthorization(sdk.NewCoins(stake(500)), []sdk.AccAddress{other.acc()}), nil)),
		r.wrong("lets itself", func(p *person) sdk.Msg {
			return grant(p, p, authz.NewGenericAuthorization("/cosmos.gov.v1.MsgVote"), nil)
		}),
		owner.tx("lets do what was in the past", &authz.MsgGrant{Granter: owner.addr(), Grantee: agent.addr(), Grant: authz.Grant{Authorization: packed(authz.NewGenericAuthorization("/cosmos.gov.v1.MsgVote")), Expiration: &expired}}),
	)
	r.askGrants(owner, agent)
	r.block(5*seconds,
		agent.tx("delegates for it", exec(agent, delegate(owner, v[0], 6_000_000))),
		agent.tx("delegates where it may not", exec(agent, delegate(owner, v[1], 1_000_000))),
		agent.tx("delegates beyond the limit", exec(agent, delegate(owner, v[0], 4_000_001))),
		agent.tx("redelegates for it", exec(agent, redelegate(owner, v[0], v[2], 1_000_000))),
		agent.tx("redelegates where it may not", exec(agent, redelegate(owner, v[0], v[1], 1_000_000))),
		agent.tx("undelegates for it", exec(agent, undelegate(owner, v[0], 500_000))),
		agent.tx("sends for it", exec(agent, send(owner, other, stake(300)))),
		agent.tx("sends to whom it may not", exec(agent, send(owner, agent, stake(1)))),
		agent.tx("sends too much", exec(agent, send(owner, other, stake(201)))),
		agent.tx("withdraws without leave", exec(agent, withdraw(owner, v[0]))),
		agent.tx("does its own", exec(agent, delegate(agent, v[1], 5))),
		other.tx("is nobody's agent", exec(other, send(owner, other, stake(1)))),
		owner.tx("proposes", propose(owner, 10_000_000, false)),
		agent.tx("votes for it", exec(agent, vote1(owner, 1, govv1.OptionYes))),
		agent.tx("does two things, of which one fails", exec(agent, send(owner, other, stake(1)), send(owner, other, stake(9_999)))),
	)
	r.askGrants(owner, agent)
	r.checkpoint()
	r.block(5*seconds,
		agent.tx("delegates the rest", exec(agent, delegate(owner, v[0], 4_000_000))),
		agent.tx("sends the rest", exec(agent, send(owner, other, stake(200)))),
		owner.tx("takes leave back", revoke(owner, agent, "/cosmos.gov.v1.MsgVote")),
		owner.tx("takes back what is not there", revoke(owner, agent, "/cosmos.gov.v1.MsgDeposit")),
		agent.tx("votes again", exec(agent, vote1(owner, 1, govv1.OptionNo))),
	)
	r.askGrants(owner, agent)
	r.block(2*time.Hour, agent.tx("undelegates too late", exec(agent, undelegate(owner, v[0], 500_000))))
	r.askGrants(owner, agent)
	r.fees(owner, agent, other, poor)
	r.checkpoint()
	return r
}

// fees of the poor are paid by others.
func (r *run) fees(owner, agent, other, poor *person) {
	later := r.now.Add(3 * time.Hour)
	period := func(spend ...sdk.Coin) feegrant.FeeAllowanceI {
		return &feegrant.PeriodicAllowance{
			Basic:  feegrant.BasicAllowance{SpendLimit: sdk.NewCoins(stake(100_000))},
			Period: time.Hour, PeriodSpendLimit: sdk.NewCoins(spend...), PeriodCanSpend: sdk.NewCoins(spend...), PeriodReset: r.now.Add(time.Hour),
		}
	}
	only, err := feegrant.NewAllowedMsgAllowance(&feegrant.BasicAllowance{}, []string{"/cosmos.bank.v1beta1.MsgSend"})
	check(err)
	r.block(5*seconds,
		owner.tx("gives a little", send(owner, poor, stake(10))),
		owner.tx("pays fees", allow(owner, poor, &feegrant.BasicAllowance{SpendLimit: sdk.NewCoins(stake(12_000)), Expiration: &later})),
		owner.tx("pays them twice", allow(owner, poor, &feegrant.BasicAllowance{})),
		agent.tx("pays fees per hour", allow(agent, poor, period(stake(6_000)))),
		other.tx("pays fees of sends", allow(other, poor, only)),
		r.wrong("pays its own", func(p *person) sdk.Msg { return allow(p, p, &feegrant.BasicAllowance{}) }),
	)
	r.people = append(r.people, poor)
	r.askGrants(owner, agent, other, poor)
	r.block(5*seconds,
		poor.tx("sends", send(poor, owner, stake(1))).paidBy(owner),
		poor.tx("sends", send(poor, owner, stake(1))).paidBy(agent),
	)
	r.block(5*seconds, poor.tx("sends beyond the hour's limit", send(poor, owner, stake(1))).paidBy(agent))
	r.block(5*seconds, poor.tx("votes", vote1(poor, 1, govv1.OptionYes)).paidBy(other))
	r.block(5*seconds,
		poor.tx("sends", send(poor, owner, stake(1))).paidBy(other),
		agent.tx("has no such friend", send(agent, owner, stake(1))).paidBy(other),
	)
	r.askGrants(owner, agent, other, poor)
	r.block(time.Hour, poor.tx("sends in the next hour", send(poor, owner, stake(1))).paidBy(agent), poor.tx("sends with the rest", send(poor, owner, stake(1))).paidBy(owner))
	r.block(5*seconds, poor.tx("sends with what is no more", send(poor, owner, stake(1))).paidBy(owner))
	r.askGrants(owner, agent, other, poor)
	back, gone := feegrant.NewMsgRevokeAllowance(other.acc(), poor.acc()), feegrant.NewMsgRevokeAllowance(other.acc(), agent.acc())
	r.block(5*seconds, other.tx("stops", &back), other.tx("stops what is not there", &gone))
	r.block(3*time.Hour, poor.tx("sends too late", send(poor, owner, stake(1))).paidBy(owner))
	r.block(5*seconds, owner.tx("clears up", &feegrant.MsgPruneAllowances{Pruner: owner.addr()}))
	r.askGrants(owner, agent, other, poor)
}

func grant(from, to *person, a authz.Authorization, until *time.Time) sdk.Msg {
	msg, err := authz.NewMsgGrant(from.acc(), to.acc(), a, until)
	check(err)
	return msg
}

func revoke(from, to *person, url string) sdk.Msg {
	msg := authz.NewMsgRevoke(from.acc(), to.acc(), url)
	return &msg
}

func exec(by *person, msgs ...sdk.Msg) sdk.Msg {
	msg := authz.NewMsgExec(by.acc(), msgs)
	return &msg
}

func allow(from, to *person, a feegrant.FeeAllowanceI) sdk.Msg {
	msg, err := feegrant.NewMsgGrantAllowance(a, from.acc(), to.acc())
	check(err)
	return msg
}
