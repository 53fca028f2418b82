package main

import (
	"github.com/cosmos/gogoproto/proto"

	evidencetypes "cosmossdk.io/x/evidence/types"
	"cosmossdk.io/x/feegrant"

	"github.com/cosmos/cosmos-sdk/codec"
	sdkquery "github.com/cosmos/cosmos-sdk/types/query"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	"github.com/cosmos/cosmos-sdk/x/authz"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"
	govv1 "github.com/cosmos/cosmos-sdk/x/gov/types/v1"
	govv1beta1 "github.com/cosmos/cosmos-sdk/x/gov/types/v1beta1"
	minttypes "github.com/cosmos/cosmos-sdk/x/mint/types"
	slashingtypes "github.com/cosmos/cosmos-sdk/x/slashing/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"
)

// ask puts a query to the state after the last block. One that was answered the same before is not written down again.
func (r *run) ask(path string, request proto.Message, answer proto.Message) {
	bytes, err := proto.Marshal(request)
	check(err)
	result := r.app.ask(path, bytes)
	q := &query{Path: path, Request: bytes, Code: result.Code}
	if result.Code == 0 {
		check(proto.Unmarshal(result.Value, answer))
		q.Answer, err = codec.ProtoMarshalJSON(answer, r.app.registry)
		check(err)
	} else {
		q.Log = result.Log
	}
	key, said := path+" "+string(bytes), string(q.Answer)+q.Log
	if r.asked[key] == said {
		return
	}
	r.asked[key] = said
	last := r.out.Blocks[len(r.out.Blocks)-1]
	last.Queries = append(last.Queries, q)
}

// checkpoint asks whatever clients ask about staking and its neighbours.
func (r *run) checkpoint() {
	r.askBank()
	r.askStaking()
	r.askDistribution()
	r.ask("/cosmos.slashing.v1beta1.Query/SigningInfos", &slashingtypes.QuerySigningInfosRequest{}, &slashingtypes.QuerySigningInfosResponse{})
	r.ask("/cosmos.mint.v1beta1.Query/Inflation", &minttypes.QueryInflationRequest{}, &minttypes.QueryInflationResponse{})
	r.ask("/cosmos.mint.v1beta1.Query/AnnualProvisions", &minttypes.QueryAnnualProvisionsRequest{}, &minttypes.QueryAnnualProvisionsResponse{})
	r.ask("/cosmos.evidence.v1beta1.Query/AllEvidence", &evidencetypes.QueryAllEvidenceRequest{}, &evidencetypes.QueryAllEvidenceResponse{})
}

// parameters of all modules.
func (r *run) askParameters() {
	r.ask("/cosmos.staking.v1beta1.Query/Params", &stakingtypes.QueryParamsRequest{}, &stakingtypes.QueryParamsResponse{})
	r.ask("/cosmos.distribution.v1beta1.Query/Params", &distrtypes.QueryParamsRequest{}, &distrtypes.QueryParamsResponse{})
	r.ask("/cosmos.slashing.v1beta1.Query/Params", &slashingtypes.QueryParamsRequest{}, &slashingtypes.QueryParamsResponse{})
	r.ask("/cosmos.mint.v1beta1.Query/Params", &minttypes.QueryParamsRequest{}, &minttypes.QueryParamsResponse{})
	for _, kind := range []string{"deposit", "voting", "tallying"} {
		r.ask("/cosmos.gov.v1.Query/Params", &govv1.QueryParamsRequest{ParamsType: kind}, &govv1.QueryParamsResponse{})
		r.ask("/cosmos.gov.v1beta1.Query/Params", &govv1beta1.QueryParamsRequest{ParamsType: kind}, &govv1beta1.QueryParamsResponse{})
	}
}

func (r *run) addresses() (all []string) {
	for _, v := range r.validators {
		all = append(all, v.addr())
	}
	for _, p := range r.people {
		all = append(all, p.addr())
	}
	return all
}

func (r *run) askBank() {
	holders := r.addresses()
	for _, module := range []string{"fee_collector", "distribution", "bonded_tokens_pool", "not_bonded_tokens_pool", "gov", "mint"} {
		holders = append(holders, moduleAddress(module))
	}
	for _, holder := range holders {
		r.ask("/cosmos.bank.v1beta1.Query/AllBalances", &banktypes.QueryAllBalancesRequest{Address: holder}, &banktypes.QueryAllBalancesResponse{})
	}
	r.ask("/cosmos.bank.v1beta1.Query/TotalSupply", &banktypes.QueryTotalSupplyRequest{}, &banktypes.QueryTotalSupplyResponse{})
}

// askAccounts is for accounts whose kind matters.
func (r *run) askAccounts(people ...*person) {
	for _, p := range people {
		r.ask("/cosmos.auth.v1beta1.Query/Account", &authtypes.QueryAccountRequest{Address: p.addr()}, &authtypes.QueryAccountResponse{})
		r.ask("/cosmos.bank.v1beta1.Query/SpendableBalances", &banktypes.QuerySpendableBalancesRequest{Address: p.addr()}, &banktypes.QuerySpendableBalancesResponse{})
		r.ask("/cosmos.bank.v1beta1.Query/AllBalances", &banktypes.QueryAllBalancesRequest{Address: p.addr()}, &banktypes.QueryAllBalancesResponse{})
	}
}

func (r *run) askStaking() {
	r.ask("/cosmos.staking.v1beta1.Query/Validators", &stakingtypes.QueryValidatorsRequest{}, &stakingtypes.QueryValidatorsResponse{})
	r.ask("/cosmos.staking.v1beta1.Query/Validators", &stakingtypes.QueryValidatorsRequest{Status: "BOND_STATUS_BONDED"}, &stakingtypes.QueryValidatorsResponse{})
	r.ask("/cosmos.staking.v1beta1.Query/Pool", &stakingtypes.QueryPoolRequest{}, &stakingtypes.QueryPoolResponse{})
	r.ask("/cosmos.staking.v1beta1.Query/HistoricalInfo", &stakingtypes.QueryHistoricalInfoRequest{Height: r.height}, &stakingtypes.QueryHistoricalInfoResponse{})
	for _, v := range r.validators {
		r.ask("/cosmos.staking.v1beta1.Query/Validator", &stakingtypes.QueryValidatorRequest{ValidatorAddr: v.oper()}, &stakingtypes.QueryValidatorResponse{})
		r.ask("/cosmos.staking.v1beta1.Query/ValidatorDelegations", &stakingtypes.QueryValidatorDelegationsRequest{ValidatorAddr: v.oper()}, &stakingtypes.QueryValidatorDelegationsResponse{})
		r.ask("/cosmos.staking.v1beta1.Query/ValidatorUnbondingDelegations", &stakingtypes.QueryValidatorUnbondingDelegationsRequest{ValidatorAddr: v.oper()}, &stakingtypes.QueryValidatorUnbondingDelegationsResponse{})
		r.ask("/cosmos.staking.v1beta1.Query/Redelegations", &stakingtypes.QueryRedelegationsRequest{SrcValidatorAddr: v.oper()}, &stakingtypes.QueryRedelegationsResponse{})
	}
	for _, address := range r.addresses() {
		r.ask("/cosmos.staking.v1beta1.Query/DelegatorDelegations", &stakingtypes.QueryDelegatorDelegationsRequest{DelegatorAddr: address}, &stakingtypes.QueryDelegatorDelegationsResponse{})
		r.ask("/cosmos.staking.v1beta1.Query/DelegatorUnbondingDelegations", &stakingtypes.QueryDelegatorUnbondingDelegationsRequest{DelegatorAddr: address}, &stakingtypes.QueryDelegatorUnbondingDelegationsResponse{})
		r.ask("/cosmos.staking.v1beta1.Query/Redelegations", &stakingtypes.QueryRedelegationsRequest{DelegatorAddr: address}, &stakingtypes.QueryRedelegationsResponse{})
		r.ask("/cosmos.staking.v1beta1.Query/DelegatorValidators", &stakingtypes.QueryDelegatorValidatorsRequest{DelegatorAddr: address}, &stakingtypes.QueryDelegatorValidatorsResponse{})
	}
}

func (r *run) askDistribution() {
	r.ask("/cosmos.distribution.v1beta1.Query/CommunityPool", &distrtypes.QueryCommunityPoolRequest{}, &distrtypes.QueryCommunityPoolResponse{})
	for _, v := range r.validators {
		r.ask("/cosmos.distribution.v1beta1.Query/ValidatorOutstandingRewards", &distrtypes.QueryValidatorOutstandingRewardsRequest{ValidatorAddress: v.oper()}, &distrtypes.QueryValidatorOutstandingRewardsResponse{})
		r.ask("/cosmos.distribution.v1beta1.Query/ValidatorCommission", &distrtypes.QueryValidatorCommissionRequest{ValidatorAddress: v.oper()}, &distrtypes.QueryValidatorCommissionResponse{})
		r.ask("/cosmos.distribution.v1beta1.Query/ValidatorDistributionInfo", &distrtypes.QueryValidatorDistributionInfoRequest{ValidatorAddress: v.oper()}, &distrtypes.QueryValidatorDistributionInfoResponse{})
		r.ask("/cosmos.distribution.v1beta1.Query/ValidatorSlashes", &distrtypes.QueryValidatorSlashesRequest{ValidatorAddress: v.oper(), StartingHeight: 0, EndingHeight: uint64(r.height)}, &distrtypes.QueryValidatorSlashesResponse{})
	}
	for _, address := range r.addresses() {
		r.ask("/cosmos.distribution.v1beta1.Query/DelegationTotalRewards", &distrtypes.QueryDelegationTotalRewardsRequest{DelegatorAddress: address}, &distrtypes.QueryDelegationTotalRewardsResponse{})
		r.ask("/cosmos.distribution.v1beta1.Query/DelegatorWithdrawAddress", &distrtypes.QueryDelegatorWithdrawAddressRequest{DelegatorAddress: address}, &distrtypes.QueryDelegatorWithdrawAddressResponse{})
	}
}

// askProposals asks about each proposal up to the number.
func (r *run) askProposals(upTo uint64) {
	r.ask("/cosmos.gov.v1.Query/Proposals", &govv1.QueryProposalsRequest{}, &govv1.QueryProposalsResponse{})
	r.ask("/cosmos.gov.v1beta1.Query/Proposals", &govv1beta1.QueryProposalsRequest{}, &govv1beta1.QueryProposalsResponse{})
	for id := uint64(1); id <= upTo; id++ {
		r.ask("/cosmos.gov.v1.Query/Proposal", &govv1.QueryProposalRequest{ProposalId: id}, &govv1.QueryProposalResponse{})
		r.ask("/cosmos.gov.v1.Query/TallyResult", &govv1.QueryTallyResultRequest{ProposalId: id}, &govv1.QueryTallyResultResponse{})
		r.ask("/cosmos.gov.v1.Query/Votes", &govv1.QueryVotesRequest{ProposalId: id}, &govv1.QueryVotesResponse{})
		r.ask("/cosmos.gov.v1.Query/Deposits", &govv1.QueryDepositsRequest{ProposalId: id}, &govv1.QueryDepositsResponse{})
		r.ask("/cosmos.gov.v1beta1.Query/TallyResult", &govv1beta1.QueryTallyResultRequest{ProposalId: id}, &govv1beta1.QueryTallyResultResponse{})
		r.ask("/cosmos.gov.v1beta1.Query/Votes", &govv1beta1.QueryVotesRequest{ProposalId: id}, &govv1beta1.QueryVotesResponse{})
	}
}

// askGrants asks what the accounts gave each other leave to do.
func (r *run) askGrants(people ...*person) {
	page := &sdkquery.PageRequest{Limit: 100}
	for _, p := range people {
		r.ask("/cosmos.authz.v1beta1.Query/GranterGrants", &authz.QueryGranterGrantsRequest{Granter: p.addr(), Pagination: page}, &authz.QueryGranterGrantsResponse{})
		r.ask("/cosmos.authz.v1beta1.Query/GranteeGrants", &authz.QueryGranteeGrantsRequest{Grantee: p.addr(), Pagination: page}, &authz.QueryGranteeGrantsResponse{})
		r.ask("/cosmos.feegrant.v1beta1.Query/Allowances", &feegrant.QueryAllowancesRequest{Grantee: p.addr()}, &feegrant.QueryAllowancesResponse{})
		r.ask("/cosmos.feegrant.v1beta1.Query/AllowancesByGranter", &feegrant.QueryAllowancesByGranterRequest{Granter: p.addr()}, &feegrant.QueryAllowancesByGranterResponse{})
	}
}
