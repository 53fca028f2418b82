package main

import "time"

// downtime: validators that miss blocks are slashed and jailed, with undelegations and redelegations on their way; some come back, and fail again.
func downtime() *run {
	v, p := validators(4), people(6)
	r := start("downtime", 0, &genesis{validators: v, selfBond: []int64{90_000_007, 60_000_003, 21_000_001, 19_999_999}, people: p})
	r.block(5 * seconds)
	r.block(5*seconds,
		p[0].tx("delegates", delegate(p[0], v[2], 10_000_003)), p[1].tx("delegates", delegate(p[1], v[2], 7_777_777)),
		p[2].tx("delegates", delegate(p[2], v[2], 1_000_001)), p[3].tx("delegates", delegate(p[3], v[3], 5_555_555)),
		p[4].tx("delegates a unit", delegate(p[4], v[2], 1)),
	)
	r.blocks(6, 5*seconds)
	r.stop(v[2])
	r.block(5*seconds,
		p[0].tx("undelegates before the fault", undelegate(p[0], v[2], 1_000_003)),
		p[1].tx("redelegates before the fault", redelegate(p[1], v[2], v[1], 2_000_001)),
	)
	r.blocks(5, 5*seconds)
	r.block(5*seconds,
		p[0].tx("undelegates while it fails", undelegate(p[0], v[2], 500_001)),
		p[1].tx("redelegates while it fails", redelegate(p[1], v[2], v[3], 333_333)),
		v[2].tx("unjails while it is not jailed", unjail(v[2])),
	)
	r.blocks(2, 5*seconds)
	r.checkpoint()
	r.blocks(8, 5*seconds)
	r.checkpoint()
	r.block(5*seconds,
		v[2].tx("unjails too early", unjail(v[2])),
		p[0].tx("unjails what is not its own", unjail(&validator{person: p[0]})),
		p[2].tx("delegates to the jailed one", delegate(p[2], v[2], 999_999)),
		p[3].tx("redelegates to the jailed one", redelegate(p[3], v[3], v[2], 55_555)),
		p[0].tx("withdraws over the slash", withdraw(p[0], v[2])),
		p[4].tx("withdraws a unit's rewards", withdraw(p[4], v[2])),
	)
	r.checkpoint()
	r.block(10*time.Minute, v[2].tx("withdraws commission while jailed", withdrawCommission(v[2])))
	r.block(5*seconds, v[2].tx("unjails", unjail(v[2])))
	r.begin(v[2])
	r.blocks(3, 5*seconds)
	r.checkpoint()
	r.stop(v[2])
	r.stop(v[3])
	r.blocks(13, 5*seconds)
	r.block(5*seconds,
		p[1].tx("undelegates what came by redelegation", undelegate(p[1], v[3], 111_111)),
		p[3].tx("undelegates", undelegate(p[3], v[3], 1_000_000)),
	)
	r.blocks(8, 5*seconds)
	r.checkpoint()
	r.block(5*seconds,
		p[0].tx("undelegates after two slashes", undelegate(p[0], v[2], 1_234_567)),
		p[1].tx("redelegates after two slashes", redelegate(p[1], v[2], v[0], 1_000_000)),
		p[2].tx("undelegates the shares' worth", undelegate(p[2], v[2], 1_900_000)),
		p[4].tx("undelegates what a slash has eaten", undelegate(p[4], v[2], 1)),
		p[0].tx("cancels what was slashed", cancel(p[0], v[2], 400_000, 15)),
	)
	r.checkpoint()
	r.block(11*time.Minute, v[2].tx("unjails", unjail(v[2])), v[3].tx("unjails", unjail(v[3])))
	r.begin(v[2])
	r.begin(v[3])
	r.blocks(4, 5*seconds)
	r.block(5*seconds, p[3].tx("withdraws", withdraw(p[3], v[3])), p[1].tx("withdraws", withdraw(p[1], v[3]), withdraw(p[1], v[1])))
	r.checkpoint()
	r.blocks(3, 11*day)
	r.checkpoint()
	return r
}

// doubleSigning: evidence that finds stake where it was at the time, and validators in every state.
func doubleSigning() *run {
	v, p := validators(5), people(6)
	r := start("double-sign", 0, &genesis{validators: v, selfBond: []int64{90_000_007, 60_000_003, 31_000_001, 29_999_999, 7_000_000}, people: p})
	r.block(5 * seconds)
	r.block(5*seconds,
		p[0].tx("delegates", delegate(p[0], v[2], 10_000_003)), p[1].tx("delegates", delegate(p[1], v[2], 7_777_777), delegate(p[1], v[3], 3_000_001)),
		p[2].tx("delegates", delegate(p[2], v[2], 1_000_001)), p[3].tx("delegates", delegate(p[3], v[3], 5_555_555)),
	)
	r.blocks(3, 5*seconds)
	r.block(5*seconds, p[0].tx("undelegates before the fault", undelegate(p[0], v[2], 1_000_003)), p[1].tx("redelegates before the fault", redelegate(p[1], v[2], v[1], 1_000_001)))
	r.blocks(4, 5*seconds)
	fault := r.height
	r.block(5*seconds,
		p[0].tx("undelegates after it", undelegate(p[0], v[2], 2_000_001)), p[0].tx("undelegates after it, again", undelegate(p[0], v[2], 3)),
		p[1].tx("redelegates after it", redelegate(p[1], v[2], v[3], 3_333_333)),
		p[2].tx("redelegates after it to the least", redelegate(p[2], v[2], v[4], 999_999)),
	)
	r.block(5*seconds,
		p[1].tx("undelegates some of what was redelegated", undelegate(p[1], v[3], 5_000_000)),
		p[2].tx("redelegates the rest", redelegate(p[2], v[2], v[1], 2)),
	)
	r.checkpoint()
	r.doubleSigned(v[2], fault)
	r.block(5 * seconds)
	r.checkpoint()
	r.doubleSigned(v[2], fault+1)
	r.block(5*seconds,
		v[2].tx("unjails, though it is banned", unjail(v[2])),
		p[0].tx("delegates to the banned one", delegate(p[0], v[2], 1_000_000)),
		p[0].tx("undelegates from it", undelegate(p[0], v[2], 3_000_000)),
		p[1].tx("redelegates from it", redelegate(p[1], v[2], v[0], 1_000_000)),
		p[0].tx("withdraws", withdraw(p[0], v[2])),
	)
	r.blocks(2, 5*seconds)
	r.checkpoint()
	r.doubleSigned(v[3], 2)
	r.doubleSigned(v[4], r.height)
	r.block(5*seconds, p[3].tx("undelegates in the block of the evidence", undelegate(p[3], v[3], 555_555)))
	r.checkpoint()
	r.blocks(2, 7*day)
	r.block(5*seconds, p[0].tx("cancels", cancel(p[0], v[2], 1_000_000, fault+1)))
	r.blocks(60, 5*seconds)
	r.checkpoint()
	r.blocks(2, 11*day)
	r.doubleSigned(v[0], 20)
	r.block(5*seconds, v[2].tx("unjails, though it is banned", unjail(v[2])))
	r.checkpoint()
	r.block(5*seconds, p[3].tx("withdraws", withdraw(p[3], v[3])), p[2].tx("withdraws", withdraw(p[2], v[1])))
	r.checkpoint()
	return r
}
