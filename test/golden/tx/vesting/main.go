// Golden vectors of vesting accounts: random schedules of each kind as the Cosmos SDK stores them, what they lock at random
// times, and what becomes of them with every delegation and undelegation.
//
// Usage: go run ./vesting SEED COUNT, in the folder above. Prints JSON.
package main

import (
	"encoding/json"
	"fmt"
	"math/big"
	"math/rand"
	"os"
	"strconv"
	"time"

	"cosmossdk.io/math"
	"github.com/cosmos/cosmos-sdk/codec"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	"github.com/cosmos/cosmos-sdk/crypto/keys/secp256k1"
	"github.com/cosmos/cosmos-sdk/std"
	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	"github.com/cosmos/cosmos-sdk/x/auth/vesting/exported"
	vesting "github.com/cosmos/cosmos-sdk/x/auth/vesting/types"
)

type step struct {
	// Unix seconds.
	Time int64 `json:"time,string"`
	// What is delegated or undelegated, if anything is.
	Delegate   string `json:"delegate,omitempty"`
	Undelegate string `json:"undelegate,omitempty"`
	// At that time, after it.
	Vesting string `json:"vesting"`
	Locked  string `json:"locked"`
	Account []byte `json:"account"`
}

type vector struct {
	Address []byte `json:"address"`
	Account []byte `json:"account"`
	Steps   []step `json:"steps"`
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

var r *rand.Rand

var denoms = []string{"atoken", "ibc/27394FB092D2ECCD56123C74F36E4C1F926001CEADA9CA97EA622B25F41E5EB2", "ucptm"}

// amount has up to 190 bits: Go's decimals overflow with the square of it.
func amount() math.Int {
	limit := new(big.Int).Lsh(big.NewInt(1), uint(1+r.Intn(190)))
	return math.NewIntFromBigInt(new(big.Int).Rand(r, limit)).AddRaw(1)
}

func coins() sdk.Coins {
	some := sdk.NewCoins()
	for some.Empty() {
		for _, denom := range denoms {
			if r.Intn(2) == 0 {
				some = some.Add(sdk.NewCoin(denom, amount()))
			}
		}
	}
	return some
}

// around is a time near one of the ends of a schedule, or between them.
func around(start, end int64) int64 {
	switch r.Intn(4) {
	case 0:
		return start + r.Int63n(3) - 1
	case 1:
		return end + r.Int63n(3) - 1
	default:
		return start + r.Int63n(end-start+1)
	}
}

func account(kind int, base *authtypes.BaseAccount) (acc exported.VestingAccount, start, end int64) {
	start = 1_700_000_000 + r.Int63n(1_000_000)
	end = start + 1 + r.Int63n([]int64{3, 1000, 1_000_000_007}[r.Intn(3)])
	var err error
	switch kind {
	case 0:
		acc, err = vesting.NewContinuousVestingAccount(base, coins(), start, end)
	case 1:
		acc, err = vesting.NewDelayedVestingAccount(base, coins(), end)
	case 2:
		acc, err = vesting.NewPermanentLockedAccount(base, coins())
	default:
		var periods vesting.Periods
		total := sdk.NewCoins()
		end = start
		for n := 1 + r.Intn(5); n > 0; n-- {
			period := vesting.Period{Length: 1 + r.Int63n(1000), Amount: coins()}
			periods = append(periods, period)
			total = total.Add(period.Amount...)
			end += period.Length
		}
		acc, err = vesting.NewPeriodicVestingAccount(base, total, start, periods)
	}
	check(err)
	return acc, start, end
}

func main() {
	seed, err := strconv.ParseInt(os.Args[1], 10, 64)
	check(err)
	count, err := strconv.Atoi(os.Args[2])
	check(err)
	r = rand.New(rand.NewSource(seed))
	sdk.GetConfig().SetBech32PrefixForAccount("cptm", "cptmpub")
	interfaces := codectypes.NewInterfaceRegistry()
	std.RegisterInterfaces(interfaces)
	authtypes.RegisterInterfaces(interfaces)
	vesting.RegisterInterfaces(interfaces)
	cdc := codec.NewProtoCodec(interfaces)
	stored := func(acc sdk.AccountI) []byte {
		bz, err := cdc.MarshalInterface(acc)
		check(err)
		return bz
	}

	var vectors []vector
	for i := 0; i < count; i++ {
		address := make([]byte, []int{20, 32}[r.Intn(2)])
		r.Read(address)
		base := authtypes.NewBaseAccountWithAddress(address)
		if r.Intn(2) == 0 {
			secret := make([]byte, 8)
			r.Read(secret)
			key := secp256k1.GenPrivKeyFromSecret(secret).PubKey()
			address = key.Address()
			base = authtypes.NewBaseAccountWithAddress(address)
			check(base.SetPubKey(key))
			check(base.SetSequence(r.Uint64() >> r.Intn(64)))
		}
		check(base.SetAccountNumber(r.Uint64() >> r.Intn(64)))
		acc, start, end := account(i%4, base)
		v := vector{Address: address, Account: stored(acc)}
		delegated := sdk.NewCoins()
		for n := r.Intn(8); n >= 0; n-- {
			at := around(start, end)
			s := step{Time: at}
			blockTime := time.Unix(at, 0)
			switch r.Intn(3) {
			case 0:
				moved := coins()
				acc.TrackDelegation(blockTime, moved, moved)
				delegated = delegated.Add(moved...)
				s.Delegate = moved.String()
			case 1:
				// Slashed validators give back less, rounding a little more.
				moved := coins()
				if r.Intn(4) != 0 {
					moved = moved.Min(delegated)
				}
				if !moved.Empty() {
					acc.TrackUndelegation(moved)
					s.Undelegate = moved.String()
				}
			}
			s.Vesting = acc.GetVestingCoins(blockTime).String()
			s.Locked = acc.LockedCoins(blockTime).String()
			s.Account = stored(acc)
			v.Steps = append(v.Steps, s)
		}
		vectors = append(vectors, v)
	}
	out, err := json.MarshalIndent(map[string]any{"seed": seed, "vectors": vectors}, "", " ")
	check(err)
	fmt.Println(string(out))
}
