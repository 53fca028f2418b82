// Golden vectors of decimals: what cosmossdk.io/math.LegacyDec and cosmos-sdk/types.DecCoins make of edge cases and of random
// numbers. `go run ./math SEED COUNT`, in the folder above, prints JSON; decimals as the raw text of 10^-18.
package main

import (
	"encoding/json"
	"fmt"
	"math/big"
	"math/rand"
	"os"
	"strconv"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"
)

type vector struct {
	Op     string   `json:"op"`
	Args   []string `json:"args"`
	Result string   `json:"result"` // `panic` where Go panics
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

var r *rand.Rand

func dec(raw *big.Int) math.LegacyDec { return math.LegacyNewDecFromBigIntWithPrec(raw, 18) }

// run gives the text of what op gives, or `panic`.
func run(op func() string) (result string) {
	defer func() {
		if recover() != nil {
			result = "panic"
		}
	}()
	return op()
}

func raw(d math.LegacyDec) string { return d.BigInt().String() }

var binary = []struct {
	name string
	op   func(a, b math.LegacyDec) math.LegacyDec
}{
	{"add", math.LegacyDec.Add}, {"sub", math.LegacyDec.Sub},
	{"mul", math.LegacyDec.Mul}, {"mulTruncate", math.LegacyDec.MulTruncate}, {"mulRoundUp", math.LegacyDec.MulRoundUp},
	{"quo", math.LegacyDec.Quo}, {"quoTruncate", math.LegacyDec.QuoTruncate}, {"quoRoundUp", math.LegacyDec.QuoRoundUp},
}

var withInteger = []struct {
	name string
	op   func(a math.LegacyDec, n math.Int) math.LegacyDec
}{
	{"mulInt", math.LegacyDec.MulInt}, {"quoInt", math.LegacyDec.QuoInt},
}

var toInteger = []struct {
	name string
	op   func(a math.LegacyDec) math.Int
}{
	{"truncateInt", math.LegacyDec.TruncateInt}, {"roundInt", math.LegacyDec.RoundInt},
	{"ceilInt", func(a math.LegacyDec) math.Int { return a.Ceil().TruncateInt() }},
}

func random(bits int) *big.Int {
	n := new(big.Int).Rand(r, new(big.Int).Lsh(big.NewInt(1), uint(1+r.Intn(bits))))
	if r.Intn(4) == 0 { // near the middle between two whole numbers, where roundings part
		half := big.NewInt(500_000_000_000_000_000)
		n.Sub(n, new(big.Int).Rem(n, big.NewInt(1_000_000_000_000_000_000))).Add(n, half)
		n.Add(n, big.NewInt(int64(r.Intn(3)-1)))
	}
	if r.Intn(3) == 0 {
		n.Neg(n)
	}
	return n
}

func of(a, b *big.Int) []vector {
	var made []vector
	x, y := dec(a), dec(b)
	for _, o := range binary {
		if o.name == "quoRoundUp" && (a.Sign() < 0 || b.Sign() < 0) {
			continue // Go rounds negative quotients wrongly; ours refuses them
		}
		made = append(made, vector{o.name, []string{a.String(), b.String()}, run(func() string { return raw(o.op(x, y)) })})
	}
	if b.BitLen() <= 256 {
		for _, o := range withInteger {
			made = append(made, vector{o.name, []string{a.String(), b.String()},
				run(func() string { return raw(o.op(x, math.NewIntFromBigInt(b))) })})
		}
	}
	for _, o := range toInteger {
		made = append(made, vector{o.name, []string{a.String()}, run(func() string { return o.op(x).String() })})
	}
	return made
}

func coins() sdk.DecCoins {
	var made []sdk.DecCoin
	for _, denom := range []string{"aaa", "bbb", "ccc", "ucptm"} {
		if r.Intn(3) > 0 {
			made = append(made, sdk.NewDecCoinFromDec(denom, dec(new(big.Int).Abs(random(150)))))
		}
	}
	return sdk.NewDecCoins(made...)
}

func ofCoins() []vector {
	a, b, d := coins(), coins(), dec(new(big.Int).Abs(random(80)))
	whole, change := a.TruncateDecimal()
	two := []string{a.String(), b.String()}
	one := []string{a.String(), raw(d)}
	return []vector{
		{"coins.add", two, a.Add(b...).String()},
		{"coins.subtract", two, run(func() string { return a.Sub(b).String() })},
		{"coins.intersect", two, a.Intersect(b).String()},
		{"coins.mul", one, a.MulDec(d).String()},
		{"coins.mulTruncate", one, a.MulDecTruncate(d).String()},
		{"coins.quo", one, run(func() string { return a.QuoDec(d).String() })},
		{"coins.quoTruncate", one, run(func() string { return a.QuoDecTruncate(d).String() })},
		{"coins.whole", two[:1], whole.String()},
		{"coins.change", two[:1], change.String()},
	}
}

func main() {
	seed, err := strconv.ParseInt(os.Args[1], 10, 64)
	check(err)
	count, err := strconv.Atoi(os.Args[2])
	check(err)
	r = rand.New(rand.NewSource(seed))
	one := new(big.Int).Exp(big.NewInt(10), big.NewInt(18), nil)
	largest := new(big.Int).Sub(new(big.Int).Mul(new(big.Int).Lsh(big.NewInt(1), 256), one), big.NewInt(1))
	edges := []*big.Int{
		new(big.Int), big.NewInt(1), new(big.Int).Rsh(one, 1), new(big.Int).Add(new(big.Int).Rsh(one, 1), big.NewInt(1)), one,
		new(big.Int).Mul(big.NewInt(3), new(big.Int).Rsh(one, 1)), new(big.Int).Mul(big.NewInt(3), one), largest,
		new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 256), big.NewInt(1)),
	}
	for _, edge := range edges[1:8] {
		edges = append(edges, new(big.Int).Neg(edge))
	}
	var made []vector
	for _, a := range edges {
		for _, b := range edges {
			made = append(made, of(a, b)...)
		}
	}
	for i := 0; i < count; i++ {
		made = append(made, of(random(200), random(120))...)
		made = append(made, ofCoins()...)
	}
	fmt.Printf("{\"math\":\"cosmossdk.io/math v1.5.3\",\"seed\":%d,\"vectors\":[\n", seed)
	for i, v := range made {
		line, err := json.Marshal(v)
		check(err)
		if i > 0 {
			fmt.Println(",")
		}
		fmt.Print(string(line))
	}
	fmt.Println("\n]}")
}
