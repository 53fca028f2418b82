// Measures Go's iavl as bench/tree.ts measures ours: random updates in sorted order, then SaveVersion, on goleveldb.
// Prints the milliseconds of each round as JSON.
//
//	go run . KEYS ROUNDS
package main

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math/rand"
	"os"
	"sort"
	"strconv"
	"time"

	"github.com/cosmos/iavl"
	dbm "github.com/cosmos/iavl/db"
)

const (
	updates    = 20_000
	cacheNodes = 100_000
)

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func value(round, n int) []byte {
	bytes := make([]byte, 40)
	copy(bytes, fmt.Sprintf("%d %d", round, n))
	return bytes
}

func main() {
	size, err := strconv.Atoi(os.Args[1])
	check(err)
	rounds, err := strconv.Atoi(os.Args[2])
	check(err)
	folder, err := os.MkdirTemp("", "iavl-bench")
	check(err)
	defer os.RemoveAll(folder)
	db, err := dbm.NewDB("tree", "goleveldb", folder)
	check(err)
	tree := iavl.NewMutableTree(db, cacheNodes, false, iavl.NewNopLogger())
	keys := make([][]byte, size)
	for i := range keys {
		digest := sha256.Sum256([]byte(strconv.Itoa(i)))
		keys[i] = digest[:20]
	}
	sort.Slice(keys, func(a, b int) bool { return string(keys[a]) < string(keys[b]) })
	// In portions: one version of a million keys would measure Go's memory, not its tree.
	for start := 0; start < size; start += 100_000 {
		for i := start; i < size && i < start+100_000; i++ {
			_, err = tree.Set(keys[i], value(0, i))
			check(err)
		}
		_, _, err = tree.SaveVersion()
		check(err)
	}
	random := rand.New(rand.NewSource(1))
	times := []float64{}
	for round := 1; round <= rounds; round++ {
		chosen := map[int]bool{}
		for len(chosen) < updates && len(chosen) < size {
			chosen[random.Intn(size)] = true
		}
		order := make([]int, 0, len(chosen))
		for i := range chosen {
			order = append(order, i)
		}
		sort.Ints(order)
		start := time.Now()
		for n, i := range order {
			_, err = tree.Set(keys[i], value(round, n))
			check(err)
		}
		_, _, err = tree.SaveVersion()
		check(err)
		times = append(times, float64(time.Since(start).Microseconds())/1000)
	}
	check(tree.Close())
	check(json.NewEncoder(os.Stdout).Encode(times))
}
