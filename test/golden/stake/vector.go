package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"os"
	"time"
)

// vector is one chain from genesis on: what CometBFT and users put in, and what the SDK's application made of it.
type vector struct {
	Name          string          `json:"name"`
	Seed          int64           `json:"seed,omitempty"`
	ChainID       string          `json:"chain_id"`
	InitialHeight int64           `json:"initial_height,string"`
	GenesisTime   time.Time       `json:"genesis_time"`
	Evidence      evidenceParams  `json:"evidence_params"`
	AppState      json.RawMessage `json:"app_state"`
	// Updates is the answer to InitChain.
	Updates []update `json:"validator_updates"`
	Blocks  []*block `json:"-"`
}

// evidenceParams are the consensus parameters that old evidence is told by.
type evidenceParams struct {
	MaxAgeBlocks int64 `json:"max_age_num_blocks,string"`
	MaxAgeNanos  int64 `json:"max_age_duration_nanos,string"`
}

type block struct {
	Height   int64         `json:"height,string"`
	Time     time.Time     `json:"time"`
	Proposer string        `json:"proposer"`
	Votes    []vote        `json:"votes,omitempty"`
	Faults   []misbehavior `json:"misbehavior,omitempty"`
	Txs      []*tx         `json:"txs,omitempty"`
	// Updates, Events and Queries are answers.
	Updates []update   `json:"validator_updates,omitempty"`
	Events  [][]string `json:"events,omitempty"`
	Queries []*query   `json:"queries,omitempty"`
}

// vote is one line of the last commit: consensus address in hex, power.
type vote struct {
	Validator string `json:"validator"`
	Power     int64  `json:"power,string"`
	Absent    bool   `json:"absent,omitempty"`
}

type misbehavior struct {
	Validator  string    `json:"validator"`
	Power      int64     `json:"power,string"`
	Height     int64     `json:"height,string"`
	Time       time.Time `json:"time"`
	TotalPower int64     `json:"total_power,string"`
}

type update struct {
	PubKey []byte `json:"ed25519"`
	Power  int64  `json:"power,string"`
}

// tx is a transaction, whether it is wrong in itself, and its result. An event is its type, followed by keys and values.
type tx struct {
	Note      string     `json:"note"`
	Bytes     []byte     `json:"tx"`
	Wrong     bool       `json:"wrong,omitempty"`
	Code      uint32     `json:"code,omitempty"`
	Codespace string     `json:"codespace,omitempty"`
	Log       string     `json:"log,omitempty"`
	Data      []byte     `json:"data,omitempty"`
	GasUsed   int64      `json:"gas_used,string"`
	Events    [][]string `json:"events,omitempty"`
}

// query is a gRPC query after the block, and its answer as the SDK's REST gateway would write it.
type query struct {
	Path    string          `json:"path"`
	Request []byte          `json:"request,omitempty"`
	Answer  json.RawMessage `json:"answer,omitempty"`
	Code    uint32          `json:"code,omitempty"`
	Log     string          `json:"log,omitempty"`
}

// encode writes a block a line, so that a change shows where it is.
func (v *vector) encode() []byte {
	head, err := json.Marshal(v)
	check(err)
	var out bytes.Buffer
	out.Write(head[:len(head)-1])
	out.WriteString(",\"blocks\":[\n")
	for i, b := range v.Blocks {
		line, err := json.Marshal(b)
		check(err)
		out.Write(line)
		if i < len(v.Blocks)-1 {
			out.WriteByte(',')
		}
		out.WriteByte('\n')
	}
	out.WriteString("]}\n")
	return out.Bytes()
}

func (v *vector) writeTo(file string) {
	var packed bytes.Buffer
	w, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	check(err)
	_, err = w.Write(v.encode())
	check(err)
	check(w.Close())
	check(os.WriteFile(file, packed.Bytes(), 0o644))
}
