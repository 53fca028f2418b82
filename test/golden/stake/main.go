// Vectors of staking and its neighbours: scripted chains on the Cosmos SDK's own application, driven over ABCI without
// CometBFT. `go run . golden <folder>` writes the pinned ones, `go run . fresh <seed> <count> <folder>` ones of fresh seeds.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
)

// scenarios are pinned; all but the random ones are written by hand, each in its file.
var scenarios = map[string]func() *run{
	"rewards":     rewards,
	"unbonding":   unbondings,
	"downtime":    downtime,
	"double-sign": doubleSigning,
	"governance":  governance,
	"vesting":     vesting,
	"grants":      grants,
	"import":      imported,
	"random-1":    func() *run { return random("random-1", 1, 1, 50) },
	"random-2":    func() *run { return random("random-2", 2, 1, 50) },
}

func main() {
	switch {
	case len(os.Args) == 3 && os.Args[1] == "golden":
		for name, play := range scenarios {
			play().out.writeTo(filepath.Join(os.Args[2], name+".json.gz"))
		}
	case len(os.Args) == 5 && os.Args[1] == "fresh":
		seed, err := strconv.ParseInt(os.Args[2], 10, 64)
		check(err)
		count, err := strconv.ParseInt(os.Args[3], 10, 64)
		check(err)
		for i := range count {
			name := fmt.Sprintf("fresh-%d", seed+i)
			random(name, seed+i, 4, 80).out.writeTo(filepath.Join(os.Args[4], name+".json.gz"))
		}
	default:
		fmt.Fprintln(os.Stderr, "usage: go run . golden <folder> | fresh <seed> <count> <folder>")
		os.Exit(2)
	}
}
