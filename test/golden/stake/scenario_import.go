package main

import "time"

// imported is a chain that begins with what another one exported in the middle of everything: undelegations and redelegations
// on their way, slashes, a jailed and a banned validator, a vote that runs, unclaimed rewards.
func imported() *run {
	v, p := validators(5), people(5)
	r := start("before the export", 0, &genesis{validators: v, selfBond: []int64{90_000_007, 60_000_003, 31_000_001, 19_999_999, 12_345_678}, people: p, vesting: vestingKinds()})
	r.block(5 * seconds)
	r.block(5*seconds,
		p[0].tx("delegates", delegate(p[0], v[1], 10_000_003), delegate(p[0], v[2], 7_000_001)), p[1].tx("delegates", delegate(p[1], v[2], 7_777_777)),
		p[2].tx("delegates", delegate(p[2], v[3], 3_333_333)), r.people[5].tx("delegates what vests", delegate(r.people[5], v[1], 80_000_000)),
	)
	r.blocks(5, 5*seconds)
	r.block(5*seconds, p[0].tx("undelegates", undelegate(p[0], v[2], 2_000_001)), p[1].tx("redelegates", redelegate(p[1], v[2], v[0], 4_444_444)),
		p[4].tx("proposes", propose(p[4], 10_000_000, false)), p[3].tx("proposes", propose(p[3], 1_000_000, false)))
	r.doubleSigned(v[2], r.height-1)
	r.block(5*seconds, v[0].tx("votes", vote1(v[0].person, 1, 1)), p[0].tx("votes", vote1(p[0], 1, 3)))
	r.stop(v[3])
	r.blocks(14, time.Hour)

	n := r.continued("import")
	n.block(5 * seconds)
	n.askParameters()
	n.checkpoint()
	n.askProposals(2)
	n.askAccounts(n.people[5:]...)
	n.block(5*seconds,
		p[0].tx("withdraws", withdraw(p[0], v[2])), p[0].tx("cancels", cancel(p[0], v[2], 1_000_000, 8)), p[0].tx("undelegates", undelegate(p[0], v[1], 1_000_001)),
		p[1].tx("redelegates further", redelegate(p[1], v[0], v[1], 1_000_000)), p[1].tx("undelegates", undelegate(p[1], v[0], 1_000_000)),
		p[2].tx("delegates", delegate(p[2], v[3], 1)), v[1].tx("votes", vote1(v[1].person, 1, 1)), v[1].tx("withdraws commission", withdrawCommission(v[1])),
		n.people[5].tx("sends", send(n.people[5], p[0], stake(2_000_000))),
	)
	n.blocks(4, 5*seconds)
	n.doubleSigned(v[1], n.height-2)
	n.blocks(8, time.Hour)
	n.checkpoint()
	n.begin(v[3])
	n.block(5*seconds, v[3].tx("unjails", unjail(v[3])), v[2].tx("unjails", unjail(v[2])))
	n.blocks(3, day)
	n.askProposals(2)
	n.checkpoint()
	n.blocks(3, 10*day)
	n.checkpoint()
	return n
}
