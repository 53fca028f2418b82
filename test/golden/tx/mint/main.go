// Golden vectors of minting: what cosmos-sdk x/mint makes of random parameters, supplies and bonded stake. `go run ./mint SEED COUNT`, in
// the folder above, prints JSON; decimals as the raw text of 10^-18.
package main

import (
	"encoding/json"
	"fmt"
	"math/big"
	"math/rand"
	"os"
	"strconv"

	"cosmossdk.io/math"
	minttypes "github.com/cosmos/cosmos-sdk/x/mint/types"
)

type vector struct {
	Inflation           string `json:"inflation"`
	InflationRateChange string `json:"inflationRateChange"`
	InflationMax        string `json:"inflationMax"`
	InflationMin        string `json:"inflationMin"`
	GoalBonded          string `json:"goalBonded"`
	BlocksPerYear       string `json:"blocksPerYear"`
	Supply              string `json:"supply"`
	Bonded              string `json:"bonded"`
	BondedRatio         string `json:"bondedRatio"`
	NextInflation       string `json:"nextInflation"`
	AnnualProvisions    string `json:"annualProvisions"`
	BlockProvision      string `json:"blockProvision"`
}

var r *rand.Rand

func check(err error) {
	if err != nil {
		panic(err)
	}
}

// below gives a number in [1, 2^bits).
func below(bits uint) *big.Int {
	n := new(big.Int).Rand(r, new(big.Int).Lsh(big.NewInt(1), bits))
	return n.Add(n, big.NewInt(1))
}

// share gives a raw decimal in (0, 1].
func share() math.LegacyDec {
	n := new(big.Int).Rand(r, math.LegacyOneDec().BigInt())
	return math.LegacyNewDecFromBigIntWithPrec(n.Add(n, big.NewInt(1)), 18)
}

func raw(d math.LegacyDec) string { return d.BigInt().String() }

func main() {
	seed, err := strconv.ParseInt(os.Args[1], 10, 64)
	check(err)
	count, err := strconv.Atoi(os.Args[2])
	check(err)
	r = rand.New(rand.NewSource(seed))
	vectors := make([]vector, 0, count)
	for len(vectors) < count {
		a, b := share(), share()
		params := minttypes.Params{
			MintDenom:           "stake",
			InflationRateChange: share(),
			InflationMax:        math.LegacyMaxDec(a, b),
			InflationMin:        math.LegacyMinDec(a, b),
			GoalBonded:          share(),
			BlocksPerYear:       uint64(1 + r.Int63n(100_000_000)),
		}
		check(params.Validate())
		supply := math.NewIntFromBigInt(below(uint(1 + r.Intn(120))))
		bonded := math.NewIntFromBigInt(new(big.Int).Rand(r, new(big.Int).Add(supply.BigInt(), big.NewInt(1))))
		minter := minttypes.NewMinter(share(), math.LegacyZeroDec())
		// x/staking/keeper/pool.go, BondedRatio.
		ratio := math.LegacyNewDecFromInt(bonded).QuoInt(supply)
		v := vector{
			Inflation:           raw(minter.Inflation),
			InflationRateChange: raw(params.InflationRateChange),
			InflationMax:        raw(params.InflationMax),
			InflationMin:        raw(params.InflationMin),
			GoalBonded:          raw(params.GoalBonded),
			BlocksPerYear:       strconv.FormatUint(params.BlocksPerYear, 10),
			Supply:              supply.String(),
			Bonded:              bonded.String(),
			BondedRatio:         raw(ratio),
		}
		minter.Inflation = minter.NextInflationRate(params, ratio)
		minter.AnnualProvisions = minter.NextAnnualProvisions(params, supply)
		v.NextInflation = raw(minter.Inflation)
		v.AnnualProvisions = raw(minter.AnnualProvisions)
		v.BlockProvision = minter.BlockProvision(params).Amount.String()
		vectors = append(vectors, v)
	}
	out, err := json.Marshal(vectors)
	check(err)
	fmt.Println(string(out))
}
