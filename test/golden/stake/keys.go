package main

import (
	"github.com/cosmos/cosmos-sdk/crypto/keys/ed25519"
	"github.com/cosmos/cosmos-sdk/crypto/keys/secp256k1"
	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
)

// person is an account whose key follows from its name.
type person struct {
	name string
	key  *secp256k1.PrivKey
}

func named(name string) *person {
	return &person{name: name, key: secp256k1.GenPrivKeyFromSecret([]byte("computronium golden " + name))}
}

func (p *person) acc() sdk.AccAddress { return sdk.AccAddress(p.key.PubKey().Address()) }
func (p *person) addr() string        { return p.acc().String() }

// validator is an operator's account with the key that signs its blocks.
type validator struct {
	*person
	signer *ed25519.PrivKey
}

func validatorNamed(name string) *validator {
	return &validator{person: named(name), signer: ed25519.GenPrivKeyFromSecret([]byte("computronium golden consensus " + name))}
}

func (v *validator) oper() string          { return sdk.ValAddress(v.acc()).String() }
func (v *validator) cons() sdk.ConsAddress { return sdk.ConsAddress(v.signer.PubKey().Address()) }

func moduleAddress(name string) string { return authtypes.NewModuleAddress(name).String() }
