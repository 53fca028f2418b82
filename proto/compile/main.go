// Command compile turns our .proto files into one FileDescriptorSet, resolving what
// they import from the committed descriptors of foreign files.
//
// Usage: go run . FOREIGN_BINPB PROTO_DIR OUTPUT
package main

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"github.com/bufbuild/protocompile"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/types/descriptorpb"
)

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: compile FOREIGN_BINPB PROTO_DIR OUTPUT")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, "compile:", err)
		os.Exit(1)
	}
}

func run(foreignPath, dir, output string) error {
	bytes, err := os.ReadFile(foreignPath)
	if err != nil {
		return err
	}
	foreign := &descriptorpb.FileDescriptorSet{}
	if err := proto.Unmarshal(bytes, foreign); err != nil {
		return fmt.Errorf("%s: %w", foreignPath, err)
	}
	known := map[string]*descriptorpb.FileDescriptorProto{}
	for _, file := range foreign.File {
		known[file.GetName()] = file
	}

	var names []string
	err = filepath.WalkDir(filepath.Join(dir, "computronium"), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".proto") {
			return err
		}
		name, err := filepath.Rel(dir, path)
		names = append(names, filepath.ToSlash(name))
		return err
	})
	if err != nil {
		return err
	}
	sort.Strings(names)

	compiler := protocompile.Compiler{
		Resolver: protocompile.CompositeResolver{
			&protocompile.SourceResolver{ImportPaths: []string{dir}},
			protocompile.ResolverFunc(func(name string) (protocompile.SearchResult, error) {
				file, ok := known[name]
				if !ok {
					return protocompile.SearchResult{}, fs.ErrNotExist
				}
				return protocompile.SearchResult{Proto: file}, nil
			}),
		},
	}
	files, err := compiler.Compile(context.Background(), names...)
	if err != nil {
		return err
	}
	set := &descriptorpb.FileDescriptorSet{}
	for _, file := range files {
		set.File = append(set.File, protodesc.ToFileDescriptorProto(file))
	}
	bytes, err = proto.MarshalOptions{Deterministic: true}.Marshal(set)
	if err != nil {
		return err
	}
	return os.WriteFile(output, bytes, 0o644)
}
