// Golden vectors of transactions: what the Cosmos SDK's own decoder accepts and refuses, and the bytes that its sign
// mode handlers sign. Written for the suites beside core/codec; `go run . <seed> <count>` prints JSON.
package main

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math/rand"
	"os"
	"strconv"
	"time"

	"cosmossdk.io/math"
	"cosmossdk.io/x/feegrant"
	txsigning "cosmossdk.io/x/tx/signing"
	"github.com/cosmos/gogoproto/proto"
	"google.golang.org/protobuf/encoding/protowire"

	apisigning "cosmossdk.io/api/cosmos/tx/signing/v1beta1"
	// As in a node, whose command line imports it: without it, periods have no fields in amino JSON.
	_ "cosmossdk.io/api/cosmos/vesting/v1beta1"
	"github.com/cosmos/cosmos-sdk/codec"
	"github.com/cosmos/cosmos-sdk/codec/address"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	"github.com/cosmos/cosmos-sdk/crypto/keys/multisig"
	"github.com/cosmos/cosmos-sdk/crypto/keys/secp256k1"
	cryptotypes "github.com/cosmos/cosmos-sdk/crypto/types"
	"github.com/cosmos/cosmos-sdk/std"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/tx"
	"github.com/cosmos/cosmos-sdk/types/tx/signing"
	authsigning "github.com/cosmos/cosmos-sdk/x/auth/signing"
	authtx "github.com/cosmos/cosmos-sdk/x/auth/tx"
	vesting "github.com/cosmos/cosmos-sdk/x/auth/vesting/types"
	"github.com/cosmos/cosmos-sdk/x/authz"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"
	govv1 "github.com/cosmos/cosmos-sdk/x/gov/types/v1"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"
)

type vector struct {
	Name   string `json:"name"`
	Tx     []byte `json:"tx"`
	Accept bool   `json:"accept"`
	Error  string `json:"error,omitempty"`
	// sign bytes with chain id `golden-1`, account number 7, sequence 3; absent when the SDK refuses to make them
	// DIRECT as the hash of its bytes, which repeat the transaction; amino JSON as it is
	Direct string `json:"direct,omitempty"`
	Amino  string `json:"amino,omitempty"`
}

var r *rand.Rand

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func pack(m proto.Message) *codectypes.Any {
	a, err := codectypes.NewAnyWithValue(m)
	check(err)
	return a
}

func key() cryptotypes.PubKey {
	secret := make([]byte, 16)
	r.Read(secret)
	return secp256k1.GenPrivKeyFromSecret(secret).PubKey()
}

func addr() string {
	b := make([]byte, 20)
	r.Read(b)
	return sdk.AccAddress(b).String()
}

func valoper() string {
	b := make([]byte, 20)
	r.Read(b)
	return sdk.ValAddress(b).String()
}

func coin() sdk.Coin { return sdk.NewCoin("ucptm", math.NewInt(r.Int63n(1e12))) }

func pick(texts ...string) string { return texts[r.Intn(len(texts))] }

func text() string {
	return pick("", "plain", "<b>&\"quoted\"\\</b>", "tab\tnew\nline\r", "\u2028 and \u2029", "é漢😀", "\x01\x1f\x7f", "\b\f", "/slash'", "\ufeffmark")
}

func message(depth int) proto.Message {
	n := r.Intn(17)
	switch n {
	case 0:
		return &banktypes.MsgSend{FromAddress: addr(), ToAddress: addr(), Amount: sdk.Coins{coin()}}
	case 1:
		return &banktypes.MsgSend{FromAddress: addr(), ToAddress: addr()}
	case 2:
		return &banktypes.MsgMultiSend{
			Inputs:  []banktypes.Input{{Address: addr(), Coins: sdk.Coins{coin()}}},
			Outputs: []banktypes.Output{{Address: addr(), Coins: sdk.Coins{coin()}}, {Address: addr()}},
		}
	case 3:
		return &stakingtypes.MsgDelegate{DelegatorAddress: addr(), ValidatorAddress: valoper(), Amount: coin()}
	case 4:
		rate := math.LegacyNewDecWithPrec(r.Int63n(1000), 3)
		return &stakingtypes.MsgCreateValidator{
			Description:       stakingtypes.Description{Moniker: text(), Website: text(), Details: text()},
			Commission:        stakingtypes.CommissionRates{Rate: rate, MaxRate: rate, MaxChangeRate: math.LegacyZeroDec()},
			MinSelfDelegation: math.NewInt(r.Int63n(100)), ValidatorAddress: valoper(), Pubkey: pack(key()), Value: coin(),
		}
	case 5:
		rate := math.LegacyNewDecWithPrec(-r.Int63n(1000), 3)
		return &stakingtypes.MsgEditValidator{Description: stakingtypes.Description{Moniker: text()}, ValidatorAddress: valoper(), CommissionRate: &rate}
	case 6:
		return &distrtypes.MsgWithdrawDelegatorReward{DelegatorAddress: addr(), ValidatorAddress: valoper()}
	case 7:
		expires := time.Unix(r.Int63n(4e9), r.Int63n(1e9)).UTC()
		if r.Intn(2) == 0 {
			expires = time.Unix(r.Int63n(4e9), r.Int63n(1000)*1e6).UTC()
		}
		if r.Intn(2) == 0 {
			params := stakingtypes.NewParams(time.Duration(r.Int63n(1e15)), 1, 2, 3, "ucptm", math.LegacyNewDecWithPrec(5, 2))
			return &stakingtypes.MsgUpdateParams{Authority: addr(), Params: params}
		}
		return &authz.MsgGrant{Granter: addr(), Grantee: addr(), Grant: authz.Grant{Authorization: pack(authz.NewGenericAuthorization(text())), Expiration: &expires}}
	case 8:
		return &authz.MsgGrant{Granter: addr(), Grantee: addr(), Grant: authz.Grant{Authorization: pack(&banktypes.SendAuthorization{SpendLimit: sdk.Coins{coin()}, AllowList: []string{addr()}})}}
	case 9:
		limit := coin()
		return &authz.MsgGrant{Granter: addr(), Grantee: addr(), Grant: authz.Grant{Authorization: pack(&stakingtypes.StakeAuthorization{
			MaxTokens: &limit, AuthorizationType: stakingtypes.AuthorizationType_AUTHORIZATION_TYPE_DELEGATE,
			Validators: &stakingtypes.StakeAuthorization_AllowList{AllowList: &stakingtypes.StakeAuthorization_Validators{Address: []string{valoper()}}},
		})}}
	case 10:
		if depth > 3 {
			return &authz.MsgExec{Grantee: addr()}
		}
		return &authz.MsgExec{Grantee: addr(), Msgs: []*codectypes.Any{pack(message(depth + 1)), pack(message(depth + 1))}}
	case 11:
		return &govv1.MsgVote{ProposalId: r.Uint64(), Voter: addr(), Option: govv1.OptionYes, Metadata: text()}
	case 12:
		return &authz.MsgGrant{Granter: addr(), Grantee: addr(), Grant: authz.Grant{Authorization: pack(authz.NewGenericAuthorization(text()))}}
	case 13:
		return vestingMessage()
	case 14:
		return &feegrant.MsgGrantAllowance{Granter: addr(), Grantee: addr(), Allowance: pack(allowance(0))}
	case 15:
		if r.Intn(2) == 0 {
			return &feegrant.MsgPruneAllowances{Pruner: addr()}
		}
		return &feegrant.MsgRevokeAllowance{Granter: addr(), Grantee: addr()}
	default:
		return &stakingtypes.MsgCancelUnbondingDelegation{DelegatorAddress: addr(), ValidatorAddress: valoper(), Amount: coin(), CreationHeight: r.Int63n(100)}
	}
}

func vestingMessage() proto.Message {
	switch r.Intn(3) {
	case 0:
		return &vesting.MsgCreateVestingAccount{FromAddress: addr(), ToAddress: addr(), Amount: sdk.Coins{coin()}, EndTime: r.Int63(), Delayed: r.Intn(2) == 0}
	case 1:
		return &vesting.MsgCreatePermanentLockedAccount{FromAddress: addr(), ToAddress: addr(), Amount: sdk.Coins{coin()}}
	default:
		m := &vesting.MsgCreatePeriodicVestingAccount{FromAddress: addr(), ToAddress: addr(), StartTime: r.Int63()}
		for n := r.Intn(3); n > 0; n-- {
			m.VestingPeriods = append(m.VestingPeriods, vesting.Period{Length: r.Int63n(1e9), Amount: sdk.Coins{coin()}})
		}
		return m
	}
}

func basic() feegrant.BasicAllowance {
	var allowance feegrant.BasicAllowance
	if r.Intn(2) == 0 {
		allowance.SpendLimit = sdk.Coins{coin()}
	}
	if r.Intn(2) == 0 {
		at := time.Unix(r.Int63n(4e9), r.Int63n(1e9)).UTC()
		allowance.Expiration = &at
	}
	return allowance
}

func allowance(depth int) proto.Message {
	switch n := r.Intn(3); {
	case n == 0 && depth < 2:
		m := &feegrant.AllowedMsgAllowance{Allowance: pack(allowance(depth + 1))}
		for n := r.Intn(3); n > 0; n-- {
			m.AllowedMessages = append(m.AllowedMessages, text())
		}
		return m
	case n == 1:
		return &feegrant.PeriodicAllowance{
			Basic: basic(), Period: time.Duration(r.Int63n(1e15)), PeriodSpendLimit: sdk.Coins{coin()}, PeriodCanSpend: sdk.Coins{coin()},
			PeriodReset: time.Unix(r.Int63n(4e9), r.Int63n(1e9)).UTC(),
		}
	default:
		m := basic()
		return &m
	}
}

func nested(depth int) proto.Message {
	var m proto.Message = &banktypes.MsgSend{FromAddress: addr(), ToAddress: addr()}
	for i := 0; i < depth; i++ {
		m = &authz.MsgExec{Grantee: "a", Msgs: []*codectypes.Any{pack(m)}}
	}
	return m
}

func wide(count int) proto.Message {
	m := &authz.MsgExec{Grantee: "a"}
	for i := 0; i < count; i++ {
		m.Msgs = append(m.Msgs, pack(&authz.MsgExec{}))
	}
	return m
}

func signerInfo() *tx.SignerInfo {
	single := &tx.ModeInfo{Sum: &tx.ModeInfo_Single_{Single: &tx.ModeInfo_Single{Mode: signing.SignMode_SIGN_MODE_DIRECT}}}
	switch r.Intn(4) {
	case 0:
		bits := cryptotypes.NewCompactBitArray(3)
		bits.SetIndex(0, true)
		bits.SetIndex(2, true)
		return &tx.SignerInfo{
			PublicKey: pack(multisig.NewLegacyAminoPubKey(2, []cryptotypes.PubKey{key(), key(), key()})),
			ModeInfo:  &tx.ModeInfo{Sum: &tx.ModeInfo_Multi_{Multi: &tx.ModeInfo_Multi{Bitarray: bits, ModeInfos: []*tx.ModeInfo{single, single}}}},
			Sequence:  3,
		}
	case 1:
		return &tx.SignerInfo{ModeInfo: single, Sequence: r.Uint64()}
	default:
		return &tx.SignerInfo{PublicKey: pack(key()), ModeInfo: single, Sequence: uint64(r.Intn(1000))}
	}
}

func valid(messages ...proto.Message) (*tx.TxBody, *tx.AuthInfo) {
	body := &tx.TxBody{Memo: text()}
	for _, m := range messages {
		body.Messages = append(body.Messages, pack(m))
	}
	if r.Intn(4) == 0 {
		body.TimeoutHeight = uint64(r.Intn(1e6))
	}
	if r.Intn(4) == 0 {
		at := time.Unix(r.Int63n(4e9), r.Int63n(1e9)).UTC()
		body.Unordered, body.TimeoutTimestamp = true, &at
	}
	fee := &tx.Fee{Amount: sdk.Coins{coin()}, GasLimit: uint64(r.Intn(1e6))}
	if r.Intn(4) == 0 {
		fee.Payer = addr()
	}
	if r.Intn(4) == 0 {
		fee.Granter = addr()
	}
	if r.Intn(6) == 0 {
		fee.Amount = nil
	}
	return body, &tx.AuthInfo{SignerInfos: []*tx.SignerInfo{signerInfo()}, Fee: fee}
}

func raw(body, auth []byte) []byte {
	signature := make([]byte, 64)
	r.Read(signature)
	bz, err := (&tx.TxRaw{BodyBytes: body, AuthInfoBytes: auth, Signatures: [][]byte{signature}}).Marshal()
	check(err)
	return bz
}

// field is one more field, of a random number and wire type.
func field() []byte {
	number := protowire.Number([]int{1, 2, 3, 4, 5, 9, 15, 16, 1023, 1024, 1025, 2047, 2048, 3000, 1 << 20, 1<<20 + 1024}[r.Intn(16)])
	switch r.Intn(6) {
	case 0:
		return protowire.AppendVarint(protowire.AppendTag(nil, number, protowire.VarintType), r.Uint64())
	case 1:
		return protowire.AppendFixed64(protowire.AppendTag(nil, number, protowire.Fixed64Type), r.Uint64())
	case 2:
		return protowire.AppendFixed32(protowire.AppendTag(nil, number, protowire.Fixed32Type), r.Uint32())
	case 3:
		return protowire.AppendGroup(protowire.AppendTag(nil, number, protowire.StartGroupType), number, []byte{8, 1})
	case 4:
		return protowire.AppendTag(nil, number, protowire.EndGroupType)
	default:
		return protowire.AppendBytes(protowire.AppendTag(nil, number, protowire.BytesType), []byte(pick("", "x", "\x08\x01")))
	}
}

// long is a varint with more bytes than it needs.
func long(v uint64) []byte {
	bz := protowire.AppendVarint(nil, v)
	bz[len(bz)-1] |= 0x80
	return append(bz, 0)
}

func mutate(bz []byte) ([]byte, string) {
	out := append([]byte{}, bz...)
	at := r.Intn(len(out) + 1)
	switch r.Intn(6) {
	case 0:
		return out[:at], "cut"
	case 1:
		if len(out) > 0 {
			out[r.Intn(len(out))] ^= 1 << r.Intn(8)
		}
		return out, "bit"
	case 2:
		return append(out[:at:at], append([]byte{byte(r.Intn(256))}, out[at:]...)...), "byte"
	case 3:
		return append(out, field()...), "field at the end"
	case 4:
		return append(field(), out...), "field in front"
	default:
		return append(out, out...), "twice"
	}
}

func main() {
	seed, err := strconv.ParseInt(os.Args[1], 10, 64)
	check(err)
	count, err := strconv.Atoi(os.Args[2])
	check(err)
	r = rand.New(rand.NewSource(seed))

	registry, err := codectypes.NewInterfaceRegistryWithOptions(codectypes.InterfaceRegistryOptions{
		ProtoFiles: proto.HybridResolver,
		SigningOptions: txsigning.Options{
			AddressCodec: address.NewBech32Codec("cosmos"), ValidatorAddressCodec: address.NewBech32Codec("cosmosvaloper"),
		},
	})
	check(err)
	std.RegisterInterfaces(registry)
	banktypes.RegisterInterfaces(registry)
	stakingtypes.RegisterInterfaces(registry)
	distrtypes.RegisterInterfaces(registry)
	authz.RegisterInterfaces(registry)
	feegrant.RegisterInterfaces(registry)
	vesting.RegisterInterfaces(registry)
	govv1.RegisterInterfaces(registry)
	config := authtx.NewTxConfig(codec.NewProtoCodec(registry), []signing.SignMode{signing.SignMode_SIGN_MODE_DIRECT, signing.SignMode_SIGN_MODE_LEGACY_AMINO_JSON})
	signer := txsigning.SignerData{Address: addr(), ChainID: "golden-1", AccountNumber: 7, Sequence: 3}

	var vectors []vector
	add := func(name string, bz []byte) {
		v := vector{Name: name, Tx: bz}
		decoded, err := config.TxDecoder()(bz)
		if err != nil {
			v.Error = err.Error()
		} else {
			v.Accept = true
			sign(config.SignModeHandler(), signer, decoded, &v)
		}
		vectors = append(vectors, v)
	}

	for i := 0; i < count; i++ {
		body, auth := valid(message(0))
		if r.Intn(4) == 0 {
			body, auth = valid(message(0), message(0))
		}
		bodyBz, err := body.Marshal()
		check(err)
		authBz, err := auth.Marshal()
		check(err)
		whole := raw(bodyBz, authBz)
		switch i % 6 {
		case 0, 1:
			add("valid", whole)
		case 2:
			bz, how := mutate(whole)
			add("raw: "+how, bz)
		case 3:
			bz, how := mutate(bodyBz)
			add("body: "+how, raw(bz, authBz))
		case 4:
			bz, how := mutate(authBz)
			add("auth info: "+how, raw(bodyBz, bz))
		case 5:
			bz, how := mutate(body.Messages[0].Value)
			body.Messages[0].Value = bz
			changed, err := body.Marshal()
			check(err)
			add("message: "+how, raw(changed, authBz))
		}
	}
	special(add)
	fmt.Printf("{\"sdk\":\"v0.53.8\",\"seed\":%d,\"vectors\":[\n", seed)
	for i, v := range vectors {
		out, err := json.Marshal(v)
		check(err)
		if i > 0 {
			fmt.Println(",")
		}
		fmt.Print(string(out))
	}
	fmt.Println("\n]}")
}

// special are the cases that chance would not find.
func special(add func(string, []byte)) {
	_, auth := valid()
	authBz, err := auth.Marshal()
	check(err)
	with := func(name string, body *tx.TxBody) {
		bz, err := body.Marshal()
		check(err)
		add(name, raw(bz, authBz))
	}
	for _, depth := range []int{8, 9, 10, 11, 65} {
		with(fmt.Sprintf("Any %d deep", depth), &tx.TxBody{Messages: []*codectypes.Any{pack(nested(depth))}})
	}
	for _, count := range []int{98, 99, 100, 101} {
		with(fmt.Sprintf("%d messages in one", count), &tx.TxBody{Messages: []*codectypes.Any{pack(wide(count))}})
	}
	for _, url := range []string{"", "/", "cosmos.bank.v1beta1.MsgSend", "//cosmos.bank.v1beta1.MsgSend", "/cosmos.bank.v1beta1.Nope", "type.googleapis.com/cosmos.bank.v1beta1.MsgSend",
		"/cosmos.bank.v1beta1.MsgSend ", "/cosmos.crypto.secp256k1.PubKey", "/cosmos.bank.v1beta1.QueryBalanceRequest", "/cosmos.tx.v1beta1.TxBody"} {
		with("type URL "+url, &tx.TxBody{Messages: []*codectypes.Any{{TypeUrl: url}}})
	}
	option := pack(&banktypes.MsgSend{})
	with("extension option", &tx.TxBody{ExtensionOptions: []*codectypes.Any{option}})
	with("extension option that is not critical", &tx.TxBody{NonCriticalExtensionOptions: []*codectypes.Any{option}})
	send := &tx.TxBody{Messages: []*codectypes.Any{pack(&banktypes.MsgSend{FromAddress: addr(), ToAddress: addr(), Amount: sdk.Coins{coin()}})}}
	bodyBz, err := send.Marshal()
	check(err)
	add("empty", nil)
	add("body alone", protowire.AppendBytes([]byte{10}, bodyBz))
	add("auth info first", append(protowire.AppendBytes([]byte{18}, authBz), protowire.AppendBytes([]byte{10}, bodyBz)...))
	add("body twice", append(protowire.AppendBytes([]byte{10}, bodyBz), protowire.AppendBytes([]byte{10}, bodyBz)...))
	add("long length", append(append([]byte{10}, long(uint64(len(bodyBz)))...), bodyBz...))
	add("long tag", append(long(10), protowire.AppendBytes(nil, bodyBz)...))
	add("giant length", []byte{10, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1})
	add("overflowing length", []byte{10, 255, 255, 255, 255, 255, 255, 255, 255, 255, 2})
	add("eleven byte length", []byte{10, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 0})
	add("field 4", append(raw(bodyBz, authBz), 34, 0))
	add("field 0", append(raw(bodyBz, authBz), 2, 0))
	in := func(name string, extra ...byte) {
		add(name, raw(append(append([]byte{}, bodyBz...), extra...), authBz))
	}
	in("timeout height in a long varint", append([]byte{24}, long(5)...)...)
	in("timeout height of ten bytes", 24, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1)
	in("timeout height above 64 bits", 24, 255, 255, 255, 255, 255, 255, 255, 255, 255, 2)
	in("timeout height as bytes", 26, 1, 1)
	in("unordered of two", 32, 2)
	in("timestamp beyond its range", 42, 7, 16, 128, 148, 235, 220, 3, 8)
	in("nanos of a second", 42, 6, 16, 128, 148, 235, 220, 3)
	in("group that is not critical", append(protowire.AppendTag(nil, 1024, protowire.StartGroupType), append([]byte{8, 1}, protowire.AppendTag(nil, 1024, protowire.EndGroupType)...)...)...)
	in("group with a wrong end", append(protowire.AppendTag(nil, 1024, protowire.StartGroupType), protowire.AppendTag(nil, 1025, protowire.EndGroupType)...)...)
	for _, amount := range []string{"", "0", "-1", "-", "1.5", "abc", " 1", "00012", "115792089237316195423570985008687907853269984665640564039457584007913129639935", "115792089237316195423570985008687907853269984665640564039457584007913129639936"} {
		c := protowire.AppendString(protowire.AppendString([]byte{10}, "ucptm"), "")
		c = c[:len(c)-1]
		c = protowire.AppendString(append(c, 18), amount)
		m := protowire.AppendBytes([]byte{26}, c)
		with("amount "+amount, &tx.TxBody{Messages: []*codectypes.Any{{TypeUrl: "/cosmos.bank.v1beta1.MsgSend", Value: m}}})
	}
}

func sign(handler *txsigning.HandlerMap, signer txsigning.SignerData, decoded sdk.Tx, v *vector) {
	defer func() {
		if p := recover(); p != nil {
			v.Direct, v.Amino = "", "" // the adapter of the SDK takes a fee for granted
		}
	}()
	data := decoded.(authsigning.V2AdaptableTx).GetSigningTxData()
	if bz, err := handler.GetSignBytes(context.Background(), apisigning.SignMode_SIGN_MODE_DIRECT, signer, data); err == nil {
		v.Direct = fmt.Sprintf("%x", sha256.Sum256(bz))
	}
	if bz, err := handler.GetSignBytes(context.Background(), apisigning.SignMode_SIGN_MODE_LEGACY_AMINO_JSON, signer, data); err == nil {
		v.Amino = string(bz)
	}
}
