// Drives the Cosmos SDK's own state (rootmulti over github.com/cosmos/iavl) with seeded random operations and writes what
// it did with every root hash, app hash and some proofs; and verifies proofs with the code that other chains run.
//
//	go run . golden DIR         writes the committed golden files
//	go run . fresh SEED         writes one case with that seed to standard output
//	go run . verify             reads proofs as JSON from standard input, writes a verdict for each
package main

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"sort"
	"strconv"

	"cosmossdk.io/log"
	"cosmossdk.io/store/metrics"
	"cosmossdk.io/store/rootmulti"
	"cosmossdk.io/store/types"
	"github.com/cometbft/cometbft/proto/tendermint/crypto"
	dbm "github.com/cosmos/cosmos-db"
)

// shape says what kind of operations a case has.
type shape struct {
	Name           string
	InitialVersion int64
	Stores         []string
	Versions       int
	// MaxOps operations at most in each store and version.
	MaxOps int
	// Keys is how many different keys there are; KeyBytes their lengths.
	Keys     int
	KeyBytes [2]int
	// Deletes in a hundred operations.
	Deletes int
	// EmptyEvery this many versions all keys go; 0 never.
	EmptyEvery int
	Proofs     int
}

var shapes = []shape{
	{Name: "small-trees", InitialVersion: 1, Stores: []string{"acc", "bank", "gov"}, Versions: 40, MaxOps: 5, Keys: 8, KeyBytes: [2]int{1, 3}, Deletes: 45, EmptyEvery: 7, Proofs: 12},
	{Name: "growth", InitialVersion: 1, Stores: []string{"bank"}, Versions: 20, MaxOps: 60, Keys: 4000, KeyBytes: [2]int{4, 12}, Deletes: 5, Proofs: 8},
	{Name: "churn", InitialVersion: 1, Stores: []string{"bank"}, Versions: 30, MaxOps: 40, Keys: 120, KeyBytes: [2]int{2, 6}, Deletes: 50, EmptyEvery: 11, Proofs: 8},
	{Name: "late-start", InitialVersion: 1000, Stores: []string{"acc", "bank", "consensus", "ibc", "transfer"}, Versions: 12, MaxOps: 12, Keys: 60, KeyBytes: [2]int{1, 40}, Deletes: 30, Proofs: 12},
	{Name: "long-keys", InitialVersion: 1, Stores: []string{"ibc", "upgrade"}, Versions: 6, MaxOps: 12, Keys: 30, KeyBytes: [2]int{120, 300}, Deletes: 25, Proofs: 4},
}

type operation struct {
	Store string  `json:"store"`
	Key   string  `json:"key"`
	Value *string `json:"value,omitempty"`
}

type version struct {
	Version int64             `json:"version"`
	Ops     []operation       `json:"ops"`
	Roots   map[string]string `json:"roots"`
	AppHash string            `json:"appHash"`
}

type proofOp struct {
	Type string `json:"type"`
	Key  string `json:"key"`
	Data string `json:"data"`
}

type proof struct {
	Version int64     `json:"version"`
	AppHash string    `json:"appHash,omitempty"`
	Store   string    `json:"store"`
	Key     string    `json:"key"`
	Value   *string   `json:"value,omitempty"`
	Ops     []proofOp `json:"ops"`
}

type golden struct {
	Name           string    `json:"name"`
	Seed           int64     `json:"seed"`
	InitialVersion int64     `json:"initialVersion"`
	Stores         []string  `json:"stores"`
	Versions       []version `json:"versions"`
	Proofs         []proof   `json:"proofs"`
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(s shape, seed int64) golden {
	random := rand.New(rand.NewSource(seed))
	multi := rootmulti.NewStore(dbm.NewMemDB(), log.NewNopLogger(), metrics.NewNoOpMetrics())
	keys := map[string]*types.KVStoreKey{}
	for _, name := range s.Stores {
		keys[name] = types.NewKVStoreKey(name)
		multi.MountStoreWithDB(keys[name], types.StoreTypeIAVL, nil)
	}
	check(multi.LoadLatestVersion())
	check(multi.SetInitialVersion(s.InitialVersion))

	pool := make([][]byte, s.Keys)
	for i := range pool {
		pool[i] = make([]byte, s.KeyBytes[0]+random.Intn(s.KeyBytes[1]-s.KeyBytes[0]+1))
		random.Read(pool[i])
	}
	out := golden{Name: s.Name, Seed: seed, InitialVersion: s.InitialVersion, Stores: s.Stores}
	for i := 1; i <= s.Versions; i++ {
		v := version{Ops: []operation{}, Roots: map[string]string{}}
		for _, name := range s.Stores {
			store := multi.GetCommitKVStore(keys[name])
			remove := func(key []byte) {
				store.Delete(key)
				v.Ops = append(v.Ops, operation{Store: name, Key: hex.EncodeToString(key)})
			}
			if s.EmptyEvery > 0 && i%s.EmptyEvery == 0 {
				var all [][]byte
				iterator := store.Iterator(nil, nil)
				for ; iterator.Valid(); iterator.Next() {
					all = append(all, append([]byte{}, iterator.Key()...))
				}
				check(iterator.Close())
				random.Shuffle(len(all), func(a, b int) { all[a], all[b] = all[b], all[a] })
				for _, key := range all {
					remove(key)
				}
				continue
			}
			// One version in six changes nothing.
			if random.Intn(6) == 0 {
				continue
			}
			for n := random.Intn(s.MaxOps + 1); n > 0; n-- {
				key := pool[random.Intn(len(pool))]
				if random.Intn(100) < s.Deletes {
					remove(key)
					continue
				}
				value := make([]byte, random.Intn(9))
				random.Read(value)
				store.Set(key, value)
				text := hex.EncodeToString(value)
				v.Ops = append(v.Ops, operation{Store: name, Key: hex.EncodeToString(key), Value: &text})
			}
		}
		id := multi.Commit()
		v.Version = id.Version
		v.AppHash = hex.EncodeToString(id.Hash)
		for _, name := range s.Stores {
			v.Roots[name] = hex.EncodeToString(multi.GetCommitKVStore(keys[name]).LastCommitID().Hash)
		}
		out.Versions = append(out.Versions, v)
	}
	out.Proofs = prove(s, multi, out, pool, random)
	return out
}

// prove asks as a client does: abci_query /store/<name>/key with prove.
func prove(s shape, multi *rootmulti.Store, out golden, pool [][]byte, random *rand.Rand) []proof {
	proofs := []proof{}
	emptyRoot := "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
	for attempts := 0; len(proofs) < s.Proofs && attempts < 1000; attempts++ {
		v := out.Versions[random.Intn(len(out.Versions))]
		name := s.Stores[random.Intn(len(s.Stores))]
		key := pool[random.Intn(len(pool))]
		if v.Roots[name] == emptyRoot {
			continue
		}
		res, err := multi.Query(&types.RequestQuery{Path: "/" + name + "/key", Data: key, Height: v.Version, Prove: true})
		check(err)
		p := proof{Version: v.Version, Store: name, Key: hex.EncodeToString(key)}
		if res.Value != nil {
			value := hex.EncodeToString(res.Value)
			p.Value = &value
		}
		for _, op := range res.ProofOps.Ops {
			p.Ops = append(p.Ops, proofOp{op.Type, hex.EncodeToString(op.Key), hex.EncodeToString(op.Data)})
		}
		proofs = append(proofs, p)
	}
	return proofs
}

func unhex(text string) []byte {
	bytes, err := hex.DecodeString(text)
	check(err)
	return bytes
}

// verify gives the verdicts of the proof runtime that light clients use: ics23 with the stock specs.
func verify() {
	var proofs []proof
	check(json.NewDecoder(os.Stdin).Decode(&proofs))
	runtime := rootmulti.DefaultProofRuntime()
	verdicts := make([]bool, len(proofs))
	for i, p := range proofs {
		ops := &crypto.ProofOps{}
		for _, op := range p.Ops {
			ops.Ops = append(ops.Ops, crypto.ProofOp{Type: op.Type, Key: unhex(op.Key), Data: unhex(op.Data)})
		}
		path := "/" + p.Store + "/x:" + p.Key
		var err error
		if p.Value == nil {
			err = runtime.VerifyAbsence(ops, unhex(p.AppHash), path)
		} else {
			err = runtime.VerifyValue(ops, unhex(p.AppHash), path, unhex(*p.Value))
		}
		verdicts[i] = err == nil
	}
	check(json.NewEncoder(os.Stdout).Encode(verdicts))
}

func main() {
	if len(os.Args) < 2 {
		check(fmt.Errorf("usage: iavl golden DIR | fresh SEED | verify"))
	}
	switch os.Args[1] {
	case "golden":
		for i, s := range shapes {
			bytes, err := json.Marshal(run(s, int64(i+1)))
			check(err)
			check(os.WriteFile(filepath.Join(os.Args[2], s.Name+".json"), append(bytes, '\n'), 0o644))
		}
	case "fresh":
		seed, err := strconv.ParseInt(os.Args[2], 10, 64)
		check(err)
		cases := []golden{}
		for _, s := range shapes {
			s.Versions *= 4
			s.MaxOps *= 3
			s.Proofs *= 4
			cases = append(cases, run(s, seed))
		}
		sort.Slice(cases, func(a, b int) bool { return cases[a].Name < cases[b].Name })
		check(json.NewEncoder(os.Stdout).Encode(cases))
	case "verify":
		verify()
	default:
		check(fmt.Errorf("unknown command %s", os.Args[1]))
	}
}
