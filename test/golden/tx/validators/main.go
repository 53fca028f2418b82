// Random changes of validator sets, and what CometBFT makes of each: members, priorities, proposers, or its refusal.
//
// Usage: go run ./validators SEED SETS > vectors.json
package main

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand"
	"os"
	"strconv"

	"github.com/cometbft/cometbft/crypto/ed25519"
	"github.com/cometbft/cometbft/types"
)

type change struct {
	Key   string `json:"key"`
	Power string `json:"power"`
}

type step struct {
	// What is done: changes first, then so many increments.
	Changes []change `json:"changes"`
	Times   int32    `json:"times"`
	// What becomes of it.
	Refused    bool     `json:"refused,omitempty"`
	Proposer   string   `json:"proposer,omitempty"`
	Validators []string `json:"validators,omitempty"`
}

func main() {
	seed, sets := number(1), number(2)
	random := rand.New(rand.NewSource(seed))
	keys := make([]ed25519.PubKey, 9)
	for i := range keys {
		keys[i] = ed25519.GenPrivKeyFromSecret([]byte(fmt.Sprintf("validator %d", i))).PubKey().(ed25519.PubKey)
	}
	var all [][]step
	for s := int64(0); s < sets; s++ {
		all = append(all, history(random, keys))
	}
	out := json.NewEncoder(os.Stdout)
	if err := out.Encode(all); err != nil {
		panic(err)
	}
}

func history(random *rand.Rand, keys []ed25519.PubKey) []step {
	set := types.NewValidatorSet(nil)
	var steps []step
	for len(steps) < 30 {
		did := step{Times: int32(1 + random.Intn(4))}
		var validators []*types.Validator
		many := random.Intn(4)
		if len(steps) == 0 {
			many = 1 + random.Intn(6)
		}
		for i := 0; i < many; i++ {
			key, power := keys[random.Intn(len(keys))], power(random)
			if len(steps) == 0 {
				key, power = keys[i], 1+int64(random.Intn(100))
			}
			did.Changes = append(did.Changes, change{hex.EncodeToString(key), strconv.FormatInt(power, 10)})
			validators = append(validators, types.NewValidator(key, power))
		}
		next := set.Copy()
		if err := next.UpdateWithChangeSet(validators); err != nil {
			did.Refused = true
			steps = append(steps, did)
			continue
		}
		set = next
		set.IncrementProposerPriority(did.Times)
		did.Proposer = hex.EncodeToString(set.GetProposer().Address)
		for _, v := range set.Validators {
			did.Validators = append(did.Validators, fmt.Sprintf("%x %d %d", v.Address.Bytes(), v.VotingPower, v.ProposerPriority))
		}
		steps = append(steps, did)
	}
	return steps
}

func power(random *rand.Rand) int64 {
	switch random.Intn(12) {
	case 0, 1, 2:
		return 0
	case 3:
		return types.MaxTotalVotingPower - int64(random.Intn(3))
	case 4:
		return random.Int63n(types.MaxTotalVotingPower)
	default:
		return 1 + int64(random.Intn(1000))
	}
}

func number(i int) int64 {
	value, err := strconv.ParseInt(os.Args[i], 10, 64)
	if err != nil {
		panic(err)
	}
	return value
}
