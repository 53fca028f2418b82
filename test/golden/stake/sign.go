package main

import (
	"context"

	"github.com/cosmos/cosmos-sdk/crypto/keys/ed25519"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/tx/signing"
	authsigning "github.com/cosmos/cosmos-sdk/x/auth/signing"
)

// gasLimit is beyond what any transaction here takes on either side: gas is not what these vectors compare.
const gasLimit = 5_000_000

func (a *application) sign(chain string, number, sequence uint64, fee sdk.Coins, granter *person, p *planned) []byte {
	builder := a.txConfig.NewTxBuilder()
	check(builder.SetMsgs(p.msgs...))
	builder.SetFeeAmount(fee)
	builder.SetGasLimit(gasLimit)
	if granter != nil {
		builder.SetFeeGranter(granter.acc())
	}
	mode := signing.SignMode_SIGN_MODE_DIRECT
	signature := signing.SignatureV2{PubKey: p.by.key.PubKey(), Sequence: sequence, Data: &signing.SingleSignatureData{SignMode: mode}}
	check(builder.SetSignatures(signature))
	data := authsigning.SignerData{ChainID: chain, AccountNumber: number, Sequence: sequence, PubKey: p.by.key.PubKey(), Address: p.by.addr()}
	bytes, err := authsigning.GetSignBytesAdapter(context.Background(), a.txConfig.SignModeHandler(), mode, data, builder.GetTx())
	check(err)
	sig, err := p.by.key.Sign(bytes)
	check(err)
	signature.Data = &signing.SingleSignatureData{SignMode: mode, Signature: sig}
	check(builder.SetSignatures(signature))
	encoded, err := a.txConfig.TxEncoder()(builder.GetTx())
	check(err)
	return encoded
}

// accountNumbers are those of the last committed state; an account that is not there has none.
func (a *application) accountNumbers(p *person) (number, sequence uint64) {
	account := a.accounts.GetAccount(a.NewContext(true), p.acc())
	if account == nil {
		return 0, 0
	}
	return account.GetAccountNumber(), account.GetSequence()
}

func consAddress(key []byte) []byte { return (&ed25519.PubKey{Key: key}).Address() }
