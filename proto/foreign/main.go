// Command foreign writes the descriptors of the Cosmos SDK, IBC, CometBFT and Google
// protobuf files, as the pinned Go modules register them, to one FileDescriptorSet.
//
// Only names, numbers, types and options are in it; comments are not. The output is
// deterministic, so that the committed proto/foreign.binpb can be checked against it.
//
// Usage: go run . OUTPUT
package main

import (
	"fmt"
	"os"
	"sort"

	_ "cosmossdk.io/api/cosmos/evidence/v1beta1"
	_ "cosmossdk.io/api/cosmos/feegrant/v1beta1"
	"github.com/cosmos/gogoproto/proto"
	_ "github.com/cosmos/ibc-go/v10/testing/simapp"
	protov2 "google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: foreign OUTPUT")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "foreign:", err)
		os.Exit(1)
	}
}

func run(output string) error {
	registry, err := proto.MergedRegistry()
	if err != nil {
		return err
	}
	byPath := map[string]protoreflect.FileDescriptor{}
	var paths []string
	registry.RangeFiles(func(file protoreflect.FileDescriptor) bool {
		byPath[file.Path()] = file
		paths = append(paths, file.Path())
		return true
	})
	sort.Strings(paths)

	set := &descriptorpb.FileDescriptorSet{}
	added := map[string]bool{}
	// Dependencies first, as protoc orders a set.
	var add func(file protoreflect.FileDescriptor)
	add = func(file protoreflect.FileDescriptor) {
		if added[file.Path()] {
			return
		}
		added[file.Path()] = true
		for i := 0; i < file.Imports().Len(); i++ {
			add(file.Imports().Get(i).FileDescriptor)
		}
		set.File = append(set.File, protodesc.ToFileDescriptorProto(file))
	}
	for _, path := range paths {
		add(byPath[path])
	}
	bytes, err := protov2.MarshalOptions{Deterministic: true}.Marshal(set)
	if err != nil {
		return err
	}
	fmt.Printf("%d files, %d bytes\n", len(set.File), len(bytes))
	return os.WriteFile(output, bytes, 0o644)
}
