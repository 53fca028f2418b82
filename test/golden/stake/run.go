package main

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"sort"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"

	sdk "github.com/cosmos/cosmos-sdk/types"
)

const chainID = "golden-stake-1"

// run drives the application as CometBFT would, and writes down what goes in and what comes out.
type run struct {
	app        *application
	out        *vector
	height     int64
	now        time.Time
	validators []*validator
	people     []*person
	// sets holds who votes at a height: consensus address in hex to power. Updates of block H count from H + 2 on.
	sets  map[int64]map[string]int64
	times map[int64]time.Time
	// down are validators whose votes are absent.
	down   map[string]bool
	faults []misbehavior
	// careless accounts send what is wrong in itself; the number of those that have.
	careless int
	// asked holds the last answer of each query that repeats.
	asked map[string]string
}

// planned is a transaction that waits for its block.
type planned struct {
	note    string
	by      *person
	msgs    []sdk.Msg
	granter *person
	fee     sdk.Coins
	// wrong in itself, whatever the state of the chain is.
	wrong bool
}

func (p *person) tx(note string, msgs ...sdk.Msg) *planned {
	return &planned{note: note, by: p, msgs: msgs}
}

func (p *planned) paidBy(granter *person) *planned { p.granter = granter; return p }

func (p *planned) paying(fee ...sdk.Coin) *planned { p.fee = sdk.NewCoins(fee...); return p }

// carelessPeople are so many accounts of genesis that exist for the one message that each of them sends.
const carelessPeople = 12

// wrong is a message that is wrong in itself. Our application refuses such before its ante chain, Go's behind it, so that
// sequences and fees differ from there on: each is sent for nothing, by somebody who does not send again.
func (r *run) wrong(note string, msg func(*person) sdk.Msg) *planned {
	if r.careless == carelessPeople {
		panic("more careless people")
	}
	p := named(fmt.Sprintf("careless %d", r.careless))
	r.careless++
	return &planned{note: note, by: p, msgs: []sdk.Msg{msg(p)}, wrong: true, fee: sdk.Coins{}}
}

func start(name string, seed int64, g *genesis) *run {
	a := newApplication(chainID)
	r := newRun(a, name, seed, g.state(a), 1, genesisTime)
	r.validators, r.people = g.validators, append(r.people, g.people...)
	for _, v := range g.vesting {
		r.people = append(r.people, v.person)
	}
	return r
}

// continued begins a chain with the exported state of another, at the next height.
func (r *run) continued(name string) *run {
	ctx := r.app.NewContextLegacy(true, cmtproto.Header{ChainID: chainID, Height: r.height, Time: r.now})
	parts, err := r.app.ModuleManager.ExportGenesis(ctx, r.app.codec)
	check(err)
	state, err := json.Marshal(parts)
	check(err)
	next := newRun(newApplication(chainID), name, 0, state, r.height+1, r.now)
	next.validators, next.people, next.down = r.validators, r.people, r.down
	return next
}

func newRun(a *application, name string, seed int64, state json.RawMessage, height int64, at time.Time) *run {
	params := evidenceParams{MaxAgeBlocks: 60, MaxAgeNanos: int64(21 * 24 * time.Hour)}
	r := &run{
		app: a, height: height - 1, now: at, sets: map[int64]map[string]int64{}, times: map[int64]time.Time{}, down: map[string]bool{}, asked: map[string]string{},
		out: &vector{Name: name, Seed: seed, ChainID: chainID, InitialHeight: height, GenesisTime: at, Evidence: params, AppState: state},
	}
	answer, err := a.InitChain(&abci.RequestInitChain{
		ChainId: chainID, Time: at, InitialHeight: height, AppStateBytes: state,
		ConsensusParams: &cmtproto.ConsensusParams{
			Block:     &cmtproto.BlockParams{MaxBytes: 4_194_304, MaxGas: -1},
			Evidence:  &cmtproto.EvidenceParams{MaxAgeNumBlocks: params.MaxAgeBlocks, MaxAgeDuration: time.Duration(params.MaxAgeNanos), MaxBytes: 1_048_576},
			Validator: &cmtproto.ValidatorParams{PubKeyTypes: []string{"ed25519"}},
			Version:   &cmtproto.VersionParams{},
		},
	})
	check(err)
	r.out.Updates = updates(answer.Validators)
	first := apply(map[string]int64{}, answer.Validators)
	r.sets[height], r.sets[height+1] = first, first
	return r
}

// block makes one block, that long after the one before.
func (r *run) block(after time.Duration, txs ...*planned) *block {
	r.height++
	// Clocks of real validators do not tick in whole seconds.
	r.now = r.now.Add(after + 1_234_567*time.Nanosecond)
	r.times[r.height] = r.now
	b := &block{Height: r.height, Time: r.now, Proposer: r.proposer(), Votes: r.votes(), Faults: r.faults}
	r.faults = nil
	request := &abci.RequestFinalizeBlock{Height: b.Height, Time: b.Time, ProposerAddress: unhex(b.Proposer), Hash: make([]byte, 32), NextValidatorsHash: make([]byte, 32)}
	for _, v := range b.Votes {
		flag := cmtproto.BlockIDFlagCommit
		if v.Absent {
			flag = cmtproto.BlockIDFlagAbsent
		}
		vote := abci.VoteInfo{Validator: abci.Validator{Address: unhex(v.Validator), Power: v.Power}, BlockIdFlag: flag}
		request.DecidedLastCommit.Votes = append(request.DecidedLastCommit.Votes, vote)
	}
	for _, m := range b.Faults {
		request.Misbehavior = append(request.Misbehavior, abci.Misbehavior{
			Type: abci.MisbehaviorType_DUPLICATE_VOTE, Validator: abci.Validator{Address: unhex(m.Validator), Power: m.Power},
			Height: m.Height, Time: m.Time, TotalVotingPower: m.TotalPower,
		})
	}
	sent := map[string]uint64{}
	for _, p := range txs {
		number, sequence := r.app.accountNumbers(p.by)
		signed := r.app.sign(chainID, number, sequence+sent[p.by.name], r.fee(p), p.granter, p)
		sent[p.by.name]++
		b.Txs = append(b.Txs, &tx{Note: fmt.Sprintf("%s: %s", p.by.name, p.note), Bytes: signed, Wrong: p.wrong})
		request.Txs = append(request.Txs, signed)
	}
	answer, err := r.app.FinalizeBlock(request)
	check(err)
	_, err = r.app.Commit()
	check(err)
	for i, result := range answer.TxResults {
		t := b.Txs[i]
		t.Code, t.Codespace, t.Data, t.GasUsed, t.Events = result.Code, result.Codespace, result.Data, result.GasUsed, events(result.Events)
		if result.Code != 0 {
			t.Log = result.Log
		}
	}
	b.Updates, b.Events = updates(answer.ValidatorUpdates), events(answer.Events)
	r.sets[r.height+2] = apply(r.sets[r.height+1], answer.ValidatorUpdates)
	r.out.Blocks = append(r.out.Blocks, b)
	return b
}

func (r *run) blocks(count int, after time.Duration) {
	for range count {
		r.block(after)
	}
}

func (r *run) fee(p *planned) sdk.Coins {
	if p.fee != nil {
		return p.fee
	}
	return sdk.NewCoins(stake(5_001))
}

// votes are of the block before, by its validators.
func (r *run) votes() (votes []vote) {
	if r.height == r.out.InitialHeight {
		return nil
	}
	for _, address := range members(r.sets[r.height-1]) {
		votes = append(votes, vote{Validator: address, Power: r.sets[r.height-1][address], Absent: r.down[address]})
	}
	return votes
}

// proposer is each validator that is up, in turn.
func (r *run) proposer() string {
	var up []string
	for _, address := range members(r.sets[r.height]) {
		if !r.down[address] {
			up = append(up, address)
		}
	}
	if len(up) == 0 {
		up = members(r.sets[r.height])
	}
	return up[int(r.height)%len(up)]
}

// stop lets the validator miss blocks; begin ends that.
func (r *run) stop(v *validator)  { r.down[hexCons(v)] = true }
func (r *run) begin(v *validator) { delete(r.down, hexCons(v)) }

// doubleSigned has the next block carry the proof that the validator voted twice at the height.
func (r *run) doubleSigned(v *validator, height int64) {
	total := int64(0)
	for _, power := range r.sets[height] {
		total += power
	}
	r.faults = append(r.faults, misbehavior{
		Validator: hexCons(v), Power: r.sets[height][hexCons(v)], Height: height, Time: r.times[height], TotalPower: total,
	})
}

func hexCons(v *validator) string { return hex.EncodeToString(v.cons()) }

func unhex(text string) []byte {
	bytes, err := hex.DecodeString(text)
	check(err)
	return bytes
}

// members in the order in which CometBFT has them: by power, then by address.
func members(set map[string]int64) (all []string) {
	for address := range set {
		all = append(all, address)
	}
	sort.Slice(all, func(i, j int) bool {
		if set[all[i]] != set[all[j]] {
			return set[all[i]] > set[all[j]]
		}
		return all[i] < all[j]
	})
	return all
}

func updates(answer []abci.ValidatorUpdate) (all []update) {
	for _, u := range answer {
		all = append(all, update{PubKey: u.PubKey.GetEd25519(), Power: u.Power})
	}
	return all
}

func apply(set map[string]int64, changes []abci.ValidatorUpdate) map[string]int64 {
	next := map[string]int64{}
	for address, power := range set {
		next[address] = power
	}
	for _, change := range changes {
		address := hex.EncodeToString(consAddress(change.PubKey.GetEd25519()))
		if change.Power == 0 {
			delete(next, address)
		} else {
			next[address] = change.Power
		}
	}
	return next
}

// events without those of the ante chain that repeat what the transaction says.
func events(list []abci.Event) (all [][]string) {
	for _, event := range list {
		if event.Type == "tx" {
			continue
		}
		flat := []string{event.Type}
		for _, attribute := range event.Attributes {
			flat = append(flat, attribute.Key, attribute.Value)
		}
		all = append(all, flat)
	}
	return all
}
