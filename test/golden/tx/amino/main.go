// Golden vectors of amino JSON for our own messages: random messages of every Msg service below `computronium/` and of every
// type there that stands in an `Any`, and what the Cosmos SDK's encoder (cosmossdk.io/x/tx/signing/aminojson), driven by our descriptors, makes of them.
//
// Usage: go run ./amino FOREIGN_BINPB OURS_BINPB SEED MESSAGES_OF_EACH_TYPE, in the folder above. Prints JSON.
package main

import (
	"encoding/json"
	"fmt"
	"math/rand"
	"os"
	"sort"
	"strconv"
	"strings"

	"cosmossdk.io/x/tx/signing/aminojson"
	cosmosproto "github.com/cosmos/cosmos-proto"
	gogo "github.com/cosmos/gogoproto/gogoproto"
	gogoproto "github.com/cosmos/gogoproto/proto"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/runtime/protoimpl"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/dynamicpb"
	"google.golang.org/protobuf/types/known/anypb"
)

type vector struct {
	TypeURL string `json:"typeUrl"`
	Value   []byte `json:"value"`
	// What the encoder writes of the message as it is, or why it refuses to.
	Amino string `json:"amino,omitempty"`
	Error string `json:"error,omitempty"`
	// What it writes of the message after Go read it into a struct and wrote it anew, where that differs.
	Rewritten string `json:"rewritten,omitempty"`
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

// extension is an option of gogoproto as protobuf's registry knows it. The encoder's package registers customtype there;
// the others are registered here, in the same way.
func extension(from *gogoproto.ExtensionDesc) protoreflect.ExtensionType {
	known, err := protoregistry.GlobalTypes.FindExtensionByNumber("google.protobuf.FieldOptions", protoreflect.FieldNumber(from.Field))
	if err == nil {
		return known
	}
	info := &protoimpl.ExtensionInfo{
		ExtendedType: (*descriptorpb.FieldOptions)(nil), ExtensionType: from.ExtensionType,
		Field: from.Field, Name: from.Name, Tag: from.Tag, Filename: from.Filename,
	}
	check(protoregistry.GlobalTypes.RegisterExtension(info))
	return info
}

func text(fd protoreflect.FieldDescriptor, option protoreflect.ExtensionType) string {
	if !proto.HasExtension(fd.Options(), option) {
		return ""
	}
	return proto.GetExtension(fd.Options(), option).(string)
}

type maker struct {
	r                    *rand.Rand
	nullable, customtype protoreflect.ExtensionType
}

var texts = []string{
	"", "plain", "cptm1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq", "<b>&\"quoted\"\\</b>", "tab\tnew\nline\r", "\u2028 and \u2029",
	"é漢😀", "e\u0301", "\x00\x01\x1f\x7f", "\b\f\v", "/slash'", "https://example.com/?a=1&b=2#c", " ", "\ufeff", "\ufffd", "\U0010ffff", "__proto__",
}

var numbers = []uint64{0, 1, 10, 1<<31 - 1, 1 << 31, 1<<32 - 1, 1 << 32, 1<<53 - 1, 1 << 53, 1<<53 + 1, 1<<63 - 1, 1 << 63, 1<<64 - 1}

func (m maker) number() uint64 {
	if m.r.Intn(3) == 0 {
		return m.r.Uint64() >> m.r.Intn(64)
	}
	return numbers[m.r.Intn(len(numbers))]
}

func (m maker) digits() string {
	choices := []string{"", "0", "1", strconv.FormatUint(m.number(), 10), "-5", "115792089237316195423570985008687907853269984665640564039457584007913129639935"}
	return choices[m.r.Intn(len(choices))]
}

// scalar is a value of a field, or of an item of it.
func (m maker) scalar(fd protoreflect.FieldDescriptor) protoreflect.Value {
	switch fd.Kind() {
	case protoreflect.BoolKind:
		return protoreflect.ValueOfBool(m.r.Intn(2) == 0)
	case protoreflect.EnumKind:
		values := fd.Enum().Values()
		if m.r.Intn(8) == 0 {
			return protoreflect.ValueOfEnum(protoreflect.EnumNumber([]int32{-1, 99, 1<<31 - 1, -1 << 31}[m.r.Intn(4)]))
		}
		return protoreflect.ValueOfEnum(values.Get(m.r.Intn(values.Len())).Number())
	case protoreflect.Uint32Kind, protoreflect.Fixed32Kind:
		return protoreflect.ValueOfUint32(uint32(m.number()))
	case protoreflect.Int32Kind, protoreflect.Sint32Kind, protoreflect.Sfixed32Kind:
		return protoreflect.ValueOfInt32(int32(m.number()))
	case protoreflect.Uint64Kind, protoreflect.Fixed64Kind:
		return protoreflect.ValueOfUint64(m.number())
	case protoreflect.Int64Kind, protoreflect.Sint64Kind, protoreflect.Sfixed64Kind:
		return protoreflect.ValueOfInt64(int64(m.number()))
	case protoreflect.BytesKind:
		bz := make([]byte, []int{0, 1, 2, 3, 31, 32, 33}[m.r.Intn(7)])
		m.r.Read(bz)
		return protoreflect.ValueOfBytes(bz)
	case protoreflect.StringKind:
		switch scalar := text(fd, cosmosScalar); {
		case scalar == "cosmos.Int" || text(fd, m.customtype) != "":
			return protoreflect.ValueOfString(m.digits())
		case scalar == "cosmos.Dec":
			// Without the Go type of a decimal the text carries its point.
			return protoreflect.ValueOfString([]string{"", "0", "0.5", "-1.000000000000000000", "12345678901234567890.123456789012345678"}[m.r.Intn(5)])
		default:
			return protoreflect.ValueOfString(texts[m.r.Intn(len(texts))])
		}
	default:
		panic(fmt.Sprintf("%s: no values of this kind are made; teach the program to", fd.FullName()))
	}
}

// fill sets each field with the given chance of ten.
func (m maker) fill(message protoreflect.Message, chance int) {
	fields := message.Descriptor().Fields()
	for i := 0; i < fields.Len(); i++ {
		fd := fields.Get(i)
		if m.r.Intn(10) >= chance {
			continue
		}
		switch {
		case fd.IsList():
			list := message.Mutable(fd).List()
			for n := m.r.Intn(4); n > 0; n-- {
				if fd.Kind() == protoreflect.MessageKind {
					m.fill(list.AppendMutable().Message(), chance)
				} else {
					list.Append(m.scalar(fd))
				}
			}
		case fd.Kind() == protoreflect.MessageKind:
			m.fill(message.Mutable(fd).Message(), chance)
		default:
			message.Set(fd, m.scalar(fd))
		}
	}
}

// rewrite does what reading a message into a Go struct of gogoproto and writing it does: what is a value and no
// pointer there, is written even if it was not sent.
func (m maker) rewrite(message protoreflect.Message) {
	fields := message.Descriptor().Fields()
	for i := 0; i < fields.Len(); i++ {
		fd := fields.Get(i)
		isValue := proto.HasExtension(fd.Options(), m.nullable) && !proto.GetExtension(fd.Options(), m.nullable).(bool)
		switch {
		case fd.IsList():
			if fd.Kind() == protoreflect.MessageKind {
				list := message.Get(fd).List()
				for n := 0; n < list.Len(); n++ {
					m.rewrite(list.Get(n).Message())
				}
			}
		case fd.Kind() == protoreflect.MessageKind:
			if isValue || message.Has(fd) {
				m.rewrite(message.Mutable(fd).Message())
			}
		case isValue && text(fd, m.customtype) != "" && !message.Has(fd):
			message.Set(fd, protoreflect.ValueOfString("0"))
		}
	}
}

func readSet(path string) []*descriptorpb.FileDescriptorProto {
	bz, err := os.ReadFile(path)
	check(err)
	set := &descriptorpb.FileDescriptorSet{}
	check(proto.Unmarshal(bz, set))
	return set.File
}

// messagesOf are the inputs of our Msg services, and our implementations of interfaces, by name.
func messagesOf(files *protoregistry.Files) []protoreflect.MessageDescriptor {
	var messages []protoreflect.MessageDescriptor
	files.RangeFiles(func(file protoreflect.FileDescriptor) bool {
		if !strings.HasPrefix(file.Path(), "computronium/") {
			return true
		}
		if service := file.Services().ByName("Msg"); service != nil {
			for i := 0; i < service.Methods().Len(); i++ {
				messages = append(messages, service.Methods().Get(i).Input())
			}
		}
		for i := 0; i < file.Messages().Len(); i++ {
			if message := file.Messages().Get(i); proto.HasExtension(message.Options(), cosmosproto.E_ImplementsInterface) {
				messages = append(messages, message)
			}
		}
		return true
	})
	sort.Slice(messages, func(i, j int) bool { return messages[i].FullName() < messages[j].FullName() })
	return messages
}

var cosmosScalar = cosmosproto.E_Scalar

func main() {
	if len(os.Args) != 5 {
		fmt.Fprintln(os.Stderr, "usage: amino FOREIGN_BINPB OURS_BINPB SEED MESSAGES_OF_EACH_TYPE")
		os.Exit(2)
	}
	seed, err := strconv.ParseInt(os.Args[3], 10, 64)
	check(err)
	count, err := strconv.Atoi(os.Args[4])
	check(err)
	m := maker{r: rand.New(rand.NewSource(seed)), nullable: extension(gogo.E_Nullable), customtype: extension(gogo.E_Customtype)}

	files, err := protodesc.NewFiles(&descriptorpb.FileDescriptorSet{File: append(readSet(os.Args[1]), readSet(os.Args[2])...)})
	check(err)
	encoder := aminojson.NewEncoder(aminojson.EncoderOptions{FileResolver: files, TypeResolver: dynamicpb.NewTypes(files)})
	write := func(typeURL string, message proto.Message) (string, []byte, error) {
		bz, err := proto.MarshalOptions{Deterministic: true}.Marshal(message)
		check(err)
		out, err := encoder.Marshal(&anypb.Any{TypeUrl: typeURL, Value: bz})
		return string(out), bz, err
	}

	fmt.Printf("{\"encoder\":\"cosmossdk.io/x/tx v0.14.0\",\"seed\":%d,\"vectors\":[\n", seed)
	first := true
	for _, descriptor := range messagesOf(files) {
		typeURL := "/" + string(descriptor.FullName())
		for i := 0; i < count; i++ {
			message := dynamicpb.NewMessage(descriptor)
			// The first is empty, the second has every field (of which some are zero), the third one has its values alone.
			switch i {
			case 0:
			case 1:
				m.fill(message, 10)
			case 2:
				m.rewrite(message)
			default:
				m.fill(message, 5+m.r.Intn(6))
				if m.r.Intn(4) > 0 {
					m.rewrite(message)
				}
			}
			v := vector{TypeURL: typeURL}
			v.Amino, v.Value, err = write(typeURL, message)
			if err != nil {
				v.Error = err.Error()
			}
			m.rewrite(message)
			rewritten, _, err := write(typeURL, message)
			check(err)
			if rewritten != v.Amino {
				v.Rewritten = rewritten
			}
			out, err := json.Marshal(v)
			check(err)
			if !first {
				fmt.Println(",")
			}
			first = false
			fmt.Print(string(out))
		}
	}
	fmt.Println("\n]}")
}
