package main

import (
	"fmt"
	"math/rand"
	"time"

	sdk "github.com/cosmos/cosmos-sdk/types"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"
	govv1 "github.com/cosmos/cosmos-sdk/x/gov/types/v1"
	slashingtypes "github.com/cosmos/cosmos-sdk/x/slashing/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"
)

// chance is a run whose operations a seed picks.
type chance struct {
	*run
	r *rand.Rand
	// proposals so far.
	proposals uint64
}

// random plays that many rounds of some blocks in which everything happens, and of a vote during which stake stays where it is.
func random(name string, seed int64, rounds, blocks int) *run {
	r := rand.New(rand.NewSource(seed))
	v := validators(7)
	var bonds []int64
	for range 5 {
		bonds = append(bonds, 5_000_000+r.Int63n(60_000_000))
	}
	g := &genesis{
		validators: v[:5], selfBond: bonds, people: append(people(8), v[5].person, v[6].person), vesting: vestingKinds(), gentxs: seed%2 == 0,
		change: func(p *parts) {
			p.staking.Params.UnbondingTime = 3 * day
			p.staking.Params.MaxEntries = 1 + uint32(r.Intn(7))
			p.slashing.Params.SlashFractionDowntime = dec(fmt.Sprintf("0.%04d", 1+r.Intn(500)))
			p.slashing.Params.SlashFractionDoubleSign = dec(fmt.Sprintf("0.%03d", 1+r.Intn(400)))
			p.distribution.Params.CommunityTax = dec(fmt.Sprintf("0.%03d", r.Intn(100)))
		},
	}
	c := &chance{run: start(name, seed, g), r: r}
	c.validators = v
	c.block(5 * seconds)
	c.askParameters()
	for range rounds {
		for range blocks {
			c.fail()
			c.block(c.pause(), c.txs(c.r.Intn(6), c.stakes)...)
		}
		c.checkpoint()
		c.vote()
		c.checkpoint()
	}
	return c.run
}

func (c *chance) pause() time.Duration {
	switch c.r.Intn(12) {
	case 0:
		return time.Duration(c.r.Int63n(int64(day)))
	case 1:
		return 13 * time.Minute
	}
	return time.Duration(1+c.r.Int63n(9)) * seconds
}

func (c *chance) txs(count int, one func(*person) (string, []sdk.Msg)) (txs []*planned) {
	for range count {
		by := c.people[c.r.Intn(len(c.people))]
		note, msgs := one(by)
		if len(msgs) == 0 {
			continue
		}
		p := by.tx(note, msgs...)
		if c.r.Intn(8) == 0 {
			p = p.paying(stake(1+c.r.Int63n(90_000)), photon(1+c.r.Int63n(5)))
		}
		txs = append(txs, p)
	}
	for _, v := range c.validators {
		if c.r.Intn(12) == 0 {
			note, msg := c.operates(v)
			txs = append(txs, v.tx(note, msg))
		}
	}
	return txs
}

// steadfast signs honestly to the end and keeps its own stake: without anybody CometBFT has no chain to compare.
func (c *chance) steadfast(v *validator) bool { return v == c.validators[0] }

// fail lets validators fail: they miss blocks for a while, or sign twice.
func (c *chance) fail() {
	for _, v := range c.validators {
		if c.steadfast(v) {
			continue
		}
		switch {
		case c.down[hexCons(v)] && c.r.Intn(14) == 0:
			c.begin(v)
		case len(c.down) < 2 && c.r.Intn(60) == 0:
			c.stop(v)
		}
	}
	if c.height > 12 && c.r.Intn(70) == 0 {
		height := c.height - c.r.Int63n(10)
		set := members(c.sets[height])
		guilty := set[c.r.Intn(len(set))]
		for _, v := range c.validators {
			if hexCons(v) == guilty && !c.steadfast(v) {
				c.doubleSigned(v, height)
			}
		}
	}
}

// amount is up to all of what is there, small ones and the whole more often than not.
func (c *chance) amount(all int64) int64 {
	switch c.r.Intn(6) {
	case 0:
		return max(all, 1)
	case 1:
		return 1 + c.r.Int63n(3)
	case 2:
		return all + 1
	}
	return 1 + c.r.Int63n(max(all, 1))
}

// held is a delegation of the person, picked at random, and what it is worth.
func (c *chance) held(p *person) (*validator, int64) {
	ctx := c.app.NewContext(true)
	all, err := c.app.staking.GetDelegatorDelegations(ctx, p.acc(), 50)
	check(err)
	if len(all) == 0 {
		return c.validators[c.r.Intn(len(c.validators))], 5
	}
	one := all[c.r.Intn(len(all))]
	for _, v := range c.validators {
		if v.oper() == one.ValidatorAddress {
			state, err := c.app.staking.GetValidator(ctx, sdk.ValAddress(v.acc()))
			check(err)
			return v, state.TokensFromShares(one.Shares).TruncateInt64()
		}
	}
	panic("a delegation to a validator that is not in the script")
}

func (c *chance) anyValidator() *validator { return c.validators[c.r.Intn(len(c.validators))] }

// stakes is one operation of a delegator.
func (c *chance) stakes(p *person) (string, []sdk.Msg) {
	from, worth := c.held(p)
	to := c.anyValidator()
	switch c.r.Intn(10) {
	case 0, 1, 2:
		return "delegates", []sdk.Msg{delegate(p, to, 1+c.r.Int63n(9_000_000))}
	case 3, 4:
		return "undelegates", []sdk.Msg{undelegate(p, from, c.amount(worth))}
	case 5, 6:
		return "redelegates", []sdk.Msg{redelegate(p, from, to, c.amount(worth))}
	case 7:
		return "cancels", c.cancels(p)
	case 8:
		return "redelegates and undelegates", []sdk.Msg{redelegate(p, from, to, c.amount(worth/2)), undelegate(p, from, c.amount(worth/2))}
	default:
		return c.quiet(p)
	}
}

// quiet is an operation that leaves all stake where it is.
func (c *chance) quiet(p *person) (string, []sdk.Msg) {
	from, _ := c.held(p)
	switch c.r.Intn(4) {
	case 0:
		return "sets a withdraw address", []sdk.Msg{&distrtypes.MsgSetWithdrawAddress{DelegatorAddress: p.addr(), WithdrawAddress: c.people[c.r.Intn(len(c.people))].addr()}}
	case 1:
		return "funds the community pool", []sdk.Msg{&distrtypes.MsgFundCommunityPool{Depositor: p.addr(), Amount: sdk.NewCoins(stake(1 + c.r.Int63n(1000)))}}
	case 2:
		return "sends", []sdk.Msg{send(p, c.people[c.r.Intn(len(c.people))], stake(c.amount(500_000)))}
	}
	return "withdraws", []sdk.Msg{withdraw(p, from)}
}

func (c *chance) cancels(p *person) []sdk.Msg {
	all, err := c.app.staking.GetAllUnbondingDelegations(c.app.NewContext(true), p.acc())
	check(err)
	if len(all) == 0 {
		return nil
	}
	one := all[c.r.Intn(len(all))]
	entry := one.Entries[c.r.Intn(len(one.Entries))]
	return []sdk.Msg{&stakingtypes.MsgCancelUnbondingDelegation{
		DelegatorAddress: p.addr(), ValidatorAddress: one.ValidatorAddress, Amount: stake(c.amount(entry.Balance.Int64())), CreationHeight: entry.CreationHeight,
	}}
}

// operates is something that validators do.
func (c *chance) operates(v *validator) (string, sdk.Msg) {
	ctx := c.app.NewContext(true)
	state, err := c.app.staking.GetValidator(ctx, sdk.ValAddress(v.acc()))
	if err != nil {
		return "becomes a validator", create(v, 1_000_000+c.r.Int63n(40_000_000), rates(c.r.Intn(10)))
	}
	if state.Jailed && c.r.Intn(3) > 0 {
		return "unjails", unjail(v)
	}
	kind := c.r.Intn(6)
	if c.steadfast(v) && (kind == 1 || kind == 3) {
		kind = 0
	}
	switch kind {
	case 0:
		return "delegates to itself", delegate(v.person, v, 1+c.r.Int63n(30_000_000))
	case 1:
		return "undelegates its own", undelegate(v.person, v, 1+c.r.Int63n(9_000_000))
	case 2:
		return "changes its commission", commission(v, fmt.Sprintf("0.%03d", c.r.Intn(500)))
	case 3:
		return "asks more of itself", minSelf(v, 1_000_000+c.r.Int63n(3_000_000))
	}
	return "withdraws commission", withdrawCommission(v)
}

// vote has a proposal, votes on it, and its end. Nothing moves stake meanwhile: that is where the tallies of the two differ.
func (c *chance) vote() {
	c.down = map[string]bool{}
	gov := moduleAddress("gov")
	params := slashingtypes.Params{
		SignedBlocksWindow: 20, MinSignedPerWindow: dec("0.5"), DowntimeJailDuration: 10 * time.Minute,
		SlashFractionDoubleSign: dec(fmt.Sprintf("0.%03d", 1+c.r.Intn(400))), SlashFractionDowntime: dec(fmt.Sprintf("0.%04d", 1+c.r.Intn(500))),
	}
	messages := []sdk.Msg{
		&slashingtypes.MsgUpdateParams{Authority: gov, Params: params},
		&distrtypes.MsgCommunityPoolSpend{Authority: gov, Recipient: c.people[0].addr(), Amount: sdk.NewCoins(stake(1 + c.r.Int63n(2000)))},
	}
	b := c.block(c.pause(), c.people[1].tx("proposes", propose(c.people[1], 10_000_000, false, messages[c.r.Intn(2)])))
	if b.Txs[0].Code != 0 {
		return
	}
	c.proposals++
	voters := append([]*person{}, c.people...)
	for _, v := range c.validators {
		voters = append(voters, v.person)
	}
	for range 3 {
		var txs []*planned
		for _, voter := range voters {
			if c.r.Intn(4) == 0 {
				txs = append(txs, voter.tx("votes", c.ballot(voter)))
			}
		}
		c.block(5*seconds, txs...)
	}
	c.askProposals(c.proposals)
	c.block(2*day-time.Hour, c.people[2].tx("sends", send(c.people[2], c.people[3], stake(7))))
	c.block(2 * time.Hour)
	c.askProposals(c.proposals)
	c.askParameters()
}

func (c *chance) ballot(p *person) sdk.Msg {
	option := func() govv1.VoteOption { return govv1.VoteOption(1 + (c.r.Intn(9)+1)/3) }
	first, second := option(), option()
	if c.r.Intn(3) > 0 || first == second {
		return vote1(p, c.proposals, first)
	}
	part := 1 + c.r.Intn(998)
	return weighted(p, c.proposals, fmt.Sprintf("0.%03d", part), first, fmt.Sprintf("0.%03d", 1000-part), second)
}
