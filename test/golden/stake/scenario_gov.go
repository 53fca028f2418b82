package main

import (
	"time"

	sdk "github.com/cosmos/cosmos-sdk/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"
	govv1 "github.com/cosmos/cosmos-sdk/x/gov/types/v1"
	govv1beta1 "github.com/cosmos/cosmos-sdk/x/gov/types/v1beta1"
	slashingtypes "github.com/cosmos/cosmos-sdk/x/slashing/types"
)

// governance: deposits, votes of every kind, inheritance from validators, expedited proposals, every outcome, and what
// passed proposals do. Delegations stay as they are while a vote runs.
func governance() *run {
	v, p := validators(4), people(6)
	r := start("governance", 0, &genesis{validators: v, selfBond: []int64{40_000_007, 30_000_003, 20_000_001, 9_999_999}, people: p})
	gov := moduleAddress("gov")
	r.block(5 * seconds)
	r.askParameters()
	r.block(5*seconds,
		p[0].tx("delegates", delegate(p[0], v[0], 10_000_003), delegate(p[0], v[1], 5_000_001)), p[1].tx("delegates", delegate(p[1], v[1], 7_777_777)),
		p[2].tx("delegates", delegate(p[2], v[2], 33_333_333)), p[3].tx("delegates", delegate(p[3], v[3], 1_111_111)),
		p[4].tx("funds the community pool", &distrtypes.MsgFundCommunityPool{Depositor: p[4].addr(), Amount: sdk.NewCoins(stake(50_000_000))}),
	)
	spend := &distrtypes.MsgCommunityPoolSpend{Authority: gov, Recipient: p[5].addr(), Amount: sdk.NewCoins(stake(12_345_678))}
	tooMuch := &distrtypes.MsgCommunityPoolSpend{Authority: gov, Recipient: p[5].addr(), Amount: sdk.NewCoins(stake(900_000_000_000))}
	rewardParams := &distrtypes.MsgUpdateParams{Authority: gov, Params: distrtypes.Params{
		CommunityTax: dec("0.051"), BaseProposerReward: dec("0"), BonusProposerReward: dec("0"), WithdrawAddrEnabled: false,
	}}
	notTheGovernment := &distrtypes.MsgCommunityPoolSpend{Authority: p[0].addr(), Recipient: p[5].addr(), Amount: sdk.NewCoins(stake(1))}
	r.block(5*seconds,
		p[0].tx("proposes a spend with the whole deposit", propose(p[0], 10_000_000, false, spend)),
		p[1].tx("proposes with a part of the deposit", propose(p[1], 4_000_000, false, rewardParams)),
		p[2].tx("proposes in haste with too little", propose(p[2], 10_000_000, true, spend)),
		p[2].tx("proposes in haste", propose(p[2], 50_000_000, true, rewardParams)),
		p[3].tx("proposes what its signer is not governance for", propose(p[3], 10_000_000, false, notTheGovernment)),
		p[3].tx("proposes with the other denom", withDeposit(propose(p[3], 0, false, spend), photon(5))),
		p[3].tx("proposes with little", propose(p[3], 99_999, false, spend)),
		p[4].tx("proposes nothing but words", propose(p[4], 10_000_000, false)),
		p[4].tx("proposes what will fail", propose(p[4], 10_000_000, false, spend, tooMuch)),
	)
	r.askProposals(9)
	r.block(time.Hour,
		p[2].tx("adds to the deposit", deposit(p[2], 2, 5_999_999)),
		p[3].tx("completes it", deposit(p[3], 2, 100_001)),
		p[3].tx("adds a little too little", deposit(p[3], 1, 99_999)),
		p[3].tx("deposits for nothing", deposit(p[3], 77, 1_000_000)),
		v[0].tx("votes yes", vote1(v[0].person, 1, govv1.OptionYes)), v[1].tx("votes no", vote1(v[1].person, 1, govv1.OptionNo)),
		p[0].tx("splits its vote", weighted(p[0], 1, "0.7", govv1.OptionYes, "0.3", govv1.OptionAbstain)),
		r.wrong("splits its vote wrongly", func(p *person) sdk.Msg {
			return weighted(p, 1, "0.7", govv1.OptionYes, "0.4", govv1.OptionNo)
		}),
		p[1].tx("votes for what is not there", vote1(p[1], 77, govv1.OptionYes)),
		p[4].tx("votes without stake", vote1(p[4], 1, govv1.OptionNoWithVeto)),
	)
	r.askProposals(9)
	r.block(time.Hour,
		v[0].tx("hastens", vote1(v[0].person, 4, govv1.OptionYes)), v[1].tx("hastens", vote1(v[1].person, 4, govv1.OptionYes)),
		v[2].tx("hastens", vote1(v[2].person, 4, govv1.OptionYes)), p[2].tx("does not", vote1(p[2], 4, govv1.OptionNo)),
		v[2].tx("vetoes", vote1(v[2].person, 2, govv1.OptionNoWithVeto)), v[0].tx("vetoes", vote1(v[0].person, 2, govv1.OptionNoWithVeto)),
		p[0].tx("overrides in part", weighted(p[0], 2, "0.333333333333333333", govv1.OptionYes, "0.666666666666666667", govv1.OptionNo)),
		p[1].tx("votes by the older API", &govv1beta1.MsgVote{ProposalId: 2, Voter: p[1].addr(), Option: govv1beta1.OptionYes}),
		p[1].tx("changes its mind", vote1(p[1], 2, govv1.OptionAbstain)),
		v[0].tx("wants words", vote1(v[0].person, 5, govv1.OptionYes)), v[1].tx("wants words", vote1(v[1].person, 5, govv1.OptionYes)),
		v[2].tx("wants words", vote1(v[2].person, 5, govv1.OptionYes)),
	)
	r.askProposals(9)
	// The hasty one passes or becomes an ordinary one after a day.
	r.block(23 * time.Hour)
	r.askProposals(9)
	r.block(2*time.Hour, v[0].tx("votes for the one that fails", vote1(v[0].person, 6, govv1.OptionYes)), p[2].tx("votes for it", vote1(p[2], 6, govv1.OptionYes)))
	r.askProposals(9)
	r.checkpoint()
	r.block(21 * time.Hour)
	r.block(2 * time.Hour)
	r.block(2 * time.Hour)
	r.askProposals(9)
	r.askParameters()
	r.checkpoint()
	r.moreGovernance(v, p)
	return r
}

func (r *run) moreGovernance(v []*validator, p []*person) {
	gov := moduleAddress("gov")
	downtime := slashingtypes.DefaultParams()
	downtime.SignedBlocksWindow, downtime.SlashFractionDowntime = 50, dec("0.002")
	text, err := govv1beta1.NewMsgSubmitProposal(govv1beta1.NewTextProposal("title", "description"), sdk.NewCoins(stake(10_000_000)), p[0].acc())
	check(err)
	r.block(5*seconds,
		p[0].tx("proposes a text by the older API", text),
		p[1].tx("proposes what nobody votes for", propose(p[1], 11_000_000, false, &slashingtypes.MsgUpdateParams{Authority: gov, Params: downtime})),
		p[2].tx("proposes and thinks again", propose(p[2], 20_000_001, false)),
		p[3].tx("proposes and finds no money", propose(p[3], 1_000_001, false)),
		p[4].tx("proposes a send out of what governance has not", propose(p[4], 10_000_000, false, &banktypes.MsgSend{FromAddress: gov, ToAddress: p[0].addr(), Amount: sdk.NewCoins(photon(5))})),
		p[5].tx("hastens without success", propose(p[5], 50_000_000, true, &slashingtypes.MsgUpdateParams{Authority: gov, Params: downtime})),
		p[5].tx("sets withdraw addresses, which is forbidden now", &distrtypes.MsgSetWithdrawAddress{DelegatorAddress: p[5].addr(), WithdrawAddress: p[4].addr()}),
	)
	r.askProposals(15)
	r.block(time.Hour,
		p[3].tx("cancels another's", govv1.NewMsgCancelProposal(9, p[3].addr())),
		p[3].tx("deposits", deposit(p[3], 9, 1_000_003)), p[2].tx("votes", vote1(p[2], 9, govv1.OptionYes)),
	)
	r.block(time.Hour,
		p[2].tx("cancels", govv1.NewMsgCancelProposal(9, p[2].addr())),
		p[2].tx("votes for what is cancelled", vote1(p[2], 9, govv1.OptionYes)),
		v[0].tx("votes", vote1(v[0].person, 7, govv1.OptionYes), vote1(v[0].person, 11, govv1.OptionYes), vote1(v[0].person, 12, govv1.OptionNo)),
		v[1].tx("votes", vote1(v[1].person, 7, govv1.OptionNo), vote1(v[1].person, 11, govv1.OptionYes), vote1(v[1].person, 12, govv1.OptionYes)),
		v[2].tx("votes", vote1(v[2].person, 7, govv1.OptionNo), vote1(v[2].person, 12, govv1.OptionYes)),
		v[3].tx("abstains", vote1(v[3].person, 7, govv1.OptionAbstain)),
		p[5].tx("votes and the proposer cancels", vote1(p[5], 12, govv1.OptionNo)),
		p[4].tx("cancels another's that runs", govv1.NewMsgCancelProposal(12, p[4].addr())),
	)
	r.askProposals(15)
	r.block(23 * time.Hour)
	r.askProposals(15)
	r.block(22*time.Hour,
		p[1].tx("deposits just in time", deposit(p[1], 10, 1_000_000)),
		p[0].tx("delegates", delegate(p[0], v[3], 1_000_000)),
		p[0].tx("votes for it too", vote1(p[0], 12, govv1.OptionYes)),
	)
	r.block(2 * time.Hour)
	r.block(2*time.Hour, p[1].tx("votes after the end", vote1(p[1], 7, govv1.OptionYes)), p[1].tx("deposits after the end", deposit(p[1], 10, 5_000_000)))
	r.askProposals(15)
	r.askParameters()
	r.checkpoint()
}

func propose(p *person, amount int64, expedited bool, msgs ...sdk.Msg) *govv1.MsgSubmitProposal {
	coins := sdk.NewCoins(stake(amount))
	msg, err := govv1.NewMsgSubmitProposal(msgs, coins, p.addr(), "ipfs://metadata", "title", "summary", expedited)
	check(err)
	return msg
}

func withDeposit(msg *govv1.MsgSubmitProposal, coins ...sdk.Coin) sdk.Msg {
	msg.InitialDeposit = sdk.NewCoins(coins...)
	return msg
}

func deposit(p *person, id uint64, amount int64) sdk.Msg {
	return govv1.NewMsgDeposit(p.acc(), id, sdk.NewCoins(stake(amount)))
}

func vote1(p *person, id uint64, option govv1.VoteOption) sdk.Msg {
	return govv1.NewMsgVote(p.acc(), id, option, "")
}

func weighted(p *person, id uint64, first string, a govv1.VoteOption, second string, b govv1.VoteOption) sdk.Msg {
	return govv1.NewMsgVoteWeighted(p.acc(), id, govv1.WeightedVoteOptions{{Option: a, Weight: first}, {Option: b, Weight: second}}, "because")
}
