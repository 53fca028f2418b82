/** How a query is known on the command line, where its descriptor does not say it well enough. */
export interface QueryShape {
  readonly name?: string;
  readonly aliases?: readonly string[];
  /** Instead of the fields in the path of its REST route. */
  readonly positional?: readonly string[];
  readonly description: string;
  readonly example?: string;
}

/** By `<service>/<method>`; names as the SDK's own modules choose them. A query that is not here works under its method's name. */
export const QUERY_SHAPES: Readonly<Record<string, QueryShape>> = {
  "cosmos.auth.v1beta1.Query/Accounts": { description: "all accounts" },
  "cosmos.auth.v1beta1.Query/Account": { description: "an account by its address", example: "cptm1…" },
  "cosmos.auth.v1beta1.Query/AccountInfo": { description: "number, sequence and key of an account", example: "cptm1…" },
  "cosmos.auth.v1beta1.Query/AccountAddressByID": {
    name: "address-by-acc-num",
    positional: ["account_id"],
    description: "address of the account with a number",
    example: "7",
  },
  "cosmos.auth.v1beta1.Query/ModuleAccounts": { description: "accounts of the modules" },
  "cosmos.auth.v1beta1.Query/ModuleAccountByName": {
    name: "module-account",
    description: "account of a module",
    example: "gov",
  },
  "cosmos.auth.v1beta1.Query/AddressBytesToString": { description: "bech32 of an address in bytes" },
  "cosmos.auth.v1beta1.Query/AddressStringToBytes": { description: "bytes of a bech32 address" },
  "cosmos.auth.v1beta1.Query/Bech32Prefix": { description: "prefix of this chain's addresses" },
  "cosmos.auth.v1beta1.Query/Params": { description: "parameters of accounts" },
  "cosmos.authz.v1beta1.Query/Grants": {
    positional: ["granter", "grantee", "msg_type_url"],
    description: "what one account may do for another",
    example: "cptm1… cptm1… /cosmos.bank.v1beta1.MsgSend",
  },
  "cosmos.authz.v1beta1.Query/GranterGrants": {
    name: "grants-by-granter",
    description: "what an account has granted",
  },
  "cosmos.authz.v1beta1.Query/GranteeGrants": {
    name: "grants-by-grantee",
    description: "what an account may do for others",
  },
  "cosmos.feegrant.v1beta1.Query/Allowance": {
    name: "grant",
    description: "how much of another's fees an account pays",
    example: "cptm1… cptm1…",
  },
  "cosmos.feegrant.v1beta1.Query/Allowances": {
    name: "grants-by-grantee",
    description: "who pays the fees of an account",
  },
  "cosmos.feegrant.v1beta1.Query/AllowancesByGranter": {
    name: "grants-by-granter",
    description: "whose fees an account pays",
  },
  "cosmos.bank.v1beta1.Query/Balance": {
    positional: ["address", "denom"],
    description: "what an account has of one denom",
    example: "cptm1… ucptm",
  },
  "cosmos.bank.v1beta1.Query/AllBalances": {
    name: "balances",
    description: "all that an account has",
    example: "cptm1…",
  },
  "cosmos.bank.v1beta1.Query/SpendableBalances": { description: "what an account can spend" },
  "cosmos.bank.v1beta1.Query/SpendableBalanceByDenom": {
    name: "spendable-balance",
    positional: ["address", "denom"],
    description: "what an account can spend of one denom",
  },
  "cosmos.bank.v1beta1.Query/TotalSupply": { aliases: ["total"], description: "all coins that there are" },
  "cosmos.bank.v1beta1.Query/SupplyOf": {
    name: "total-supply-of",
    positional: ["denom"],
    description: "how much there is of a denom",
  },
  "cosmos.bank.v1beta1.Query/DenomMetadata": { description: "name and units of a denom" },
  "cosmos.bank.v1beta1.Query/DenomMetadataByQueryString": {
    positional: ["denom"],
    description: "name and units of a denom, of any text",
  },
  "cosmos.bank.v1beta1.Query/DenomsMetadata": { description: "names and units of all denoms" },
  "cosmos.bank.v1beta1.Query/DenomOwners": { description: "who owns a denom" },
  "cosmos.bank.v1beta1.Query/DenomOwnersByQuery": {
    positional: ["denom"],
    description: "who owns a denom, of any text",
  },
  "cosmos.bank.v1beta1.Query/SendEnabled": {
    positional: ["denoms"],
    description: "which denoms are set to be sendable or not",
  },
  "cosmos.bank.v1beta1.Query/Params": { description: "parameters of the bank" },
  "cosmos.distribution.v1beta1.Query/Params": { description: "parameters of rewards" },
  "cosmos.distribution.v1beta1.Query/ValidatorDistributionInfo": {
    description: "commission of a validator, and rewards of its own delegation",
    example: "cptmvaloper1…",
  },
  "cosmos.distribution.v1beta1.Query/ValidatorOutstandingRewards": {
    description: "what a validator and its delegators have not withdrawn",
    example: "cptmvaloper1…",
  },
  "cosmos.distribution.v1beta1.Query/ValidatorCommission": {
    name: "commission",
    aliases: ["validator-commission"],
    description: "commission that a validator has not withdrawn",
    example: "cptmvaloper1…",
  },
  "cosmos.distribution.v1beta1.Query/ValidatorSlashes": {
    name: "slashes",
    aliases: ["validator-slashes"],
    description: "slashes of a validator",
    example: "cptmvaloper1…",
  },
  "cosmos.distribution.v1beta1.Query/DelegationRewards": {
    name: "rewards-by-validator",
    aliases: ["delegation-rewards"],
    description: "rewards of one delegation",
    example: "cptm1… cptmvaloper1…",
  },
  "cosmos.distribution.v1beta1.Query/DelegationTotalRewards": {
    name: "rewards",
    aliases: ["delegation-total-rewards"],
    description: "rewards of a delegator, by validator and all together",
    example: "cptm1…",
  },
  "cosmos.distribution.v1beta1.Query/DelegatorValidators": {
    description: "to whom an account delegates",
    example: "cptm1…",
  },
  "cosmos.distribution.v1beta1.Query/DelegatorWithdrawAddress": {
    description: "where rewards of a delegator go",
    example: "cptm1…",
  },
  "cosmos.distribution.v1beta1.Query/CommunityPool": { description: "coins of the community pool" },
  "cosmos.upgrade.v1beta1.Query/CurrentPlan": {
    name: "plan",
    aliases: ["current-plan"],
    description: "the upgrade that is planned, if there is one",
  },
  "cosmos.upgrade.v1beta1.Query/AppliedPlan": {
    name: "applied",
    aliases: ["applied-plan"],
    description: "height at which an upgrade was carried out",
    example: "v2",
  },
  "cosmos.upgrade.v1beta1.Query/ModuleVersions": { description: "version of each module's state" },
  "cosmos.upgrade.v1beta1.Query/Authority": { description: "who may plan an upgrade" },
  "cosmos.consensus.v1.Query/Params": { description: "parameters of consensus" },
  "computronium.chain.v1.Query/Params": { description: "constants of the chain" },
  "computronium.marketplace.v1.Query/Params": { description: "parameters of the marketplace" },
  "computronium.marketplace.v1.Query/Provider": { description: "a provider by its address", example: "cptm1…" },
  "computronium.marketplace.v1.Query/Providers": {
    description: "providers, by address or by what they offer",
    example: "--kind gpu",
  },
  "computronium.marketplace.v1.Query/Order": { description: "an order and its escrow", example: "17" },
  "computronium.marketplace.v1.Query/Orders": { description: "orders, by id, owner or state", example: "--state open" },
  "computronium.marketplace.v1.Query/OrderFit": {
    description: "which providers fit an order, and why the others do not",
    example: "17",
  },
  "computronium.marketplace.v1.Query/Bids": {
    description: "bids of an order or of a provider",
    example: "--order-id 17",
  },
  "computronium.marketplace.v1.Query/Lease": { description: "a lease and its escrow", example: "5" },
  "computronium.marketplace.v1.Query/Leases": { description: "leases, by id, tenant, provider or state" },
  "computronium.marketplace.v1.Query/Escrow": { description: "an escrow" },
  "computronium.marketplace.v1.Query/Totals": { description: "what the marketplace holds" },
  "computronium.reputation.v1.Query/Params": { description: "parameters of reputation" },
  "computronium.reputation.v1.Query/Scores": {
    description: "the scores of a provider and what they are made of",
    example: "cptm1…",
  },
  "computronium.reputation.v1.Query/Ranking": {
    description: "providers of a kind, the best first",
    example: "--kind gpu",
  },
  "computronium.reputation.v1.Query/Pairs": { description: "what the pairs of a provider weighed" },
  "cosmos.gov.v1.Query/Constitution": { description: "the constitution of the chain" },
  "cosmos.gov.v1.Query/Proposal": { description: "a proposal by its number", example: "1" },
  "cosmos.gov.v1.Query/Proposals": {
    description: "proposals, by status, voter or depositor",
    example: "--proposal-status voting-period",
  },
  "cosmos.gov.v1.Query/Vote": {
    positional: ["proposal_id", "voter"],
    description: "a vote on a proposal that is being voted on",
    example: "1 cptm1…",
  },
  "cosmos.gov.v1.Query/Votes": { description: "the votes on a proposal that is being voted on", example: "1" },
  "cosmos.gov.v1.Query/Params": { positional: [], description: "parameters of governance" },
  "cosmos.gov.v1.Query/Deposit": {
    positional: ["proposal_id", "depositor"],
    description: "what somebody deposited on a proposal",
    example: "1 cptm1…",
  },
  "cosmos.gov.v1.Query/Deposits": { description: "the deposits on a proposal", example: "1" },
  "cosmos.gov.v1.Query/TallyResult": {
    name: "tally",
    aliases: ["tally-result"],
    description: "what the votes on a proposal come to so far, or came to",
    example: "1",
  },
  "computronium.dao.v1.Query/Execution": { description: "what became of a proposal that passed", example: "17" },
  "computronium.dao.v1.Query/Executions": {
    description: "what became of proposals that passed, by state",
    example: "--state pending",
  },
  "computronium.dao.v1.Query/Budget": { description: "a budget, and what is left of it now", example: "core" },
  "computronium.dao.v1.Query/Budgets": { description: "the budgets of the treasury" },
  "computronium.dao.v1.Query/Grant": { description: "a grant and its milestones", example: "3" },
  "computronium.dao.v1.Query/Grants": {
    description: "grants, by payee or reviewer",
    example: "--payee cptm1… --only-open",
  },
  "computronium.dao.v1.Query/Bounty": { description: "a bounty and its claims", example: "5" },
  "computronium.dao.v1.Query/Bounties": {
    description: "bounties, by funder, judge or state",
    example: "--state open",
  },
  "computronium.dao.v1.Query/ResourceClasses": { description: "kinds of resources that votes admitted" },
  "computronium.dao.v1.Query/NetworkAdapters": { description: "adapters to other networks that votes admitted" },
  "computronium.dao.v1.Query/Params": { description: "parameters of the DAO" },
};
