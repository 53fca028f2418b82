/** How a message is known on the command line, where its descriptor does not say it well enough. */
export interface TxShape {
  /** Instead of the method's name. */
  readonly name?: string;
  readonly positional?: readonly string[];
  readonly description: string;
  /** What stands after the command in its example. */
  readonly example?: string;
}

/**
 * By `<service>/<method>`. A message that is not here has the name of its method; fields named `id` or `…_id`, then all others
 * that are plain and needed, are given by flags, so that a new message works at once.
 */
export const TX_SHAPES: Readonly<Record<string, TxShape>> = {
  "cosmos.auth.v1beta1.Msg/UpdateParams": { description: "set the parameters of accounts; governance signs" },
  "cosmos.authz.v1beta1.Msg/Revoke": {
    positional: ["grantee", "msg_type_url"],
    description: "take back what another account may do for this one",
    example: "cptm1… /cosmos.bank.v1beta1.MsgSend --from alice",
  },
  "cosmos.feegrant.v1beta1.Msg/RevokeAllowance": {
    name: "revoke",
    positional: ["granter", "grantee"],
    description: "no longer pay the fees of another account",
    example: "alice cptm1…",
  },
  "cosmos.feegrant.v1beta1.Msg/PruneAllowances": {
    name: "prune",
    description: "clear away allowances that are over",
    example: "--from alice",
  },
  "cosmos.vesting.v1beta1.Msg/CreateVestingAccount": {
    positional: ["to_address", "amount", "end_time"],
    description: "make an account whose coins are set free until a time, or (--delayed) at that time",
    example: "cptm1… 5000ucptm 1893456000 --from alice",
  },
  "cosmos.vesting.v1beta1.Msg/CreatePermanentLockedAccount": {
    positional: ["to_address", "amount"],
    description: "make an account whose coins can be staked, never spent",
    example: "cptm1… 5000ucptm --from alice",
  },
  "cosmos.vesting.v1beta1.Msg/CreatePeriodicVestingAccount": {
    positional: ["to_address"],
    description: "make an account whose coins are set free in periods",
    example:
      'cptm1… --start-time 1893456000 --vesting-periods \'[{"length":"86400","amount":[{"denom":"ucptm","amount":"5"}]}]\' --from alice',
  },
  "cosmos.bank.v1beta1.Msg/Send": {
    positional: ["from_address", "to_address", "amount"],
    description: "send coins from one account to another",
    example: "alice cptm1… 5ucptm --fees 500ucptm",
  },
  "cosmos.distribution.v1beta1.Msg/SetWithdrawAddress": {
    name: "set-withdraw-addr",
    positional: ["withdraw_address"],
    description: "have rewards paid to another account",
    example: "cptm1… --from alice",
  },
  "cosmos.distribution.v1beta1.Msg/WithdrawDelegatorReward": {
    name: "withdraw-rewards",
    positional: ["validator_address"],
    description: "take the rewards of a delegation",
    example: "cptmvaloper1… --from alice --gas auto",
  },
  "cosmos.distribution.v1beta1.Msg/WithdrawValidatorCommission": {
    positional: ["validator_address"],
    description: "take a validator's commission; its operator signs",
    example: "cptmvaloper1… --from operator --gas auto",
  },
  "cosmos.distribution.v1beta1.Msg/FundCommunityPool": {
    positional: ["amount"],
    description: "give coins to the community pool",
    example: "5000ucptm --from alice",
  },
  "cosmos.distribution.v1beta1.Msg/DepositValidatorRewardsPool": {
    name: "fund-validator-rewards-pool",
    positional: ["validator_address", "amount"],
    description: "give coins to a validator and its delegators, as rewards",
    example: "cptmvaloper1… 5000ucptm --from alice",
  },
  "cosmos.distribution.v1beta1.Msg/CommunityPoolSpend": {
    positional: ["recipient", "amount"],
    description: "spend coins of the community pool; governance signs",
  },
  "cosmos.distribution.v1beta1.Msg/UpdateParams": { description: "set the parameters of rewards; governance signs" },
  "cosmos.bank.v1beta1.Msg/UpdateParams": { description: "set the parameters of the bank; governance signs" },
  "cosmos.bank.v1beta1.Msg/SetSendEnabled": { description: "allow or forbid sending of denoms; governance signs" },
  "computronium.marketplace.v1.Msg/RegisterProvider": {
    description: "offer compute, with a bond",
    example:
      '--attributes @provider.json --price \'{"amount":{"denom":"ucptm","amount":"60"},"per":"RATE_UNIT_HOUR"}\' --bond 1000000ucptm --endpoints https://gpu.example --ttl-seconds 3600 --from provider --gas auto',
  },
  "computronium.marketplace.v1.Msg/UpdateProvider": {
    description: "change what a provider offers, or add to its bond",
  },
  "computronium.marketplace.v1.Msg/Heartbeat": {
    description: "say that the provider is there",
    example: "--from provider",
  },
  "computronium.marketplace.v1.Msg/DeregisterProvider": {
    description: "end the offer; the bond comes back after the unbonding time",
    example: "--from provider",
  },
  "computronium.marketplace.v1.Msg/PostOrder": {
    description: "ask for compute; the budget goes to escrow",
    example:
      '--requirements @needs.json --job-class wasm --manifest-hash 9f86d0… --max-price \'{"amount":{"denom":"ucptm","amount":"60"},"per":"RATE_UNIT_HOUR"}\' --budget 100ucptm --duration-seconds 60 --lifetime-seconds 600 --from agent --gas auto',
  },
  "computronium.marketplace.v1.Msg/CancelOrder": {
    positional: ["order_id"],
    description: "take back an order that has no lease",
    example: "17 --from agent",
  },
  "computronium.marketplace.v1.Msg/PlaceBid": {
    positional: ["order_id"],
    description: "offer to carry out an order; again, to change the price",
    example: '17 --price \'{"amount":{"denom":"ucptm","amount":"50"},"per":"RATE_UNIT_HOUR"}\' --from provider',
  },
  "computronium.marketplace.v1.Msg/WithdrawBid": {
    positional: ["order_id"],
    description: "take back a bid",
    example: "17 --from provider",
  },
  "computronium.marketplace.v1.Msg/AcceptBid": {
    positional: ["order_id", "provider"],
    description: "take a bid: a lease begins",
    example: "17 cptm1… --from agent",
  },
  "computronium.marketplace.v1.Msg/StartLease": {
    positional: ["lease_id"],
    description: "the provider has reserved the machine: billing begins",
  },
  "computronium.marketplace.v1.Msg/SubmitUsage": {
    positional: ["lease_id"],
    description: "the provider claims seconds",
  },
  "computronium.marketplace.v1.Msg/AckUsage": {
    positional: ["lease_id"],
    description: "the tenant accepts seconds, which are paid at once",
  },
  "computronium.marketplace.v1.Msg/TopUp": { positional: ["lease_id"], description: "add to the escrow of a lease" },
  "computronium.marketplace.v1.Msg/SubmitResult": {
    positional: ["lease_id"],
    description: "the provider delivers the result: billing ends",
  },
  "computronium.marketplace.v1.Msg/CloseLease": { positional: ["lease_id"], description: "either side ends the lease" },
  "computronium.marketplace.v1.Msg/UpdateParams": {
    description: "set the parameters of the marketplace; governance signs",
  },
  "computronium.reputation.v1.Msg/UpdateParams": { description: "set the parameters of reputation; governance signs" },
  "cosmos.gov.v1.Msg/Deposit": {
    positional: ["proposal_id", "amount"],
    description: "add to the deposit of a proposal",
    example: "1 10000000ucptm --from alice",
  },
  "cosmos.gov.v1.Msg/Vote": {
    positional: ["proposal_id", "option"],
    description: "vote on a proposal: yes, no, no-with-veto or abstain",
    example: "1 yes --from alice --gas auto",
  },
  "cosmos.gov.v1.Msg/CancelProposal": {
    positional: ["proposal_id"],
    description: "take back a proposal of one's own, for a part of its deposits",
    example: "1 --from alice",
  },
  "cosmos.gov.v1.Msg/ExecLegacyContent": { description: "carry out content of an old kind; governance signs" },
  "cosmos.gov.v1.Msg/UpdateParams": { description: "set the parameters of governance; governance signs" },
  "computronium.dao.v1.Msg/PauseExecution": {
    positional: ["proposal_id", "seconds"],
    description: "let a proposal that passed wait longer, as the guardian",
    example: '17 86400 --reason "the binary is not out yet" --from guardian',
  },
  "computronium.dao.v1.Msg/SpendTreasury": {
    positional: ["category", "recipient", "amount"],
    description: "pay somebody from a budget, as its spender",
    example: 'core cptm1… 1000000ucptm --purpose "audit" --from spender',
  },
  "computronium.dao.v1.Msg/CreateGrant": {
    positional: ["category"],
    description: "set money of a budget aside for milestones, as its spender",
    example:
      'core --payee cptm1… --reviewer cptm1… --title wallet --milestones \'[{"title":"beta","amount":[{"denom":"ucptm","amount":"1000000"}],"deadline_time":"1900000000"}]\' --from spender',
  },
  "computronium.dao.v1.Msg/ReportMilestone": {
    positional: ["grant_id", "milestone", "report"],
    description: "say what was done for a milestone, as the payee; milestones count from 0",
  },
  "computronium.dao.v1.Msg/ApproveMilestone": {
    positional: ["grant_id", "milestone"],
    description: "have a milestone paid, as the reviewer; milestones count from 0",
    example: "3 0 --from reviewer",
  },
  "computronium.dao.v1.Msg/CancelGrant": {
    positional: ["grant_id"],
    description: "end a grant; what is not paid yet goes back",
  },
  "computronium.dao.v1.Msg/CreateBounty": {
    positional: ["reward"],
    description: "offer a reward, of which a judge decides",
    example: "1000000ucptm --judge cptm1… --title 'find the fault' --expiry-time 1900000000 --from alice",
  },
  "computronium.dao.v1.Msg/ClaimBounty": {
    positional: ["bounty_id", "evidence"],
    description: "say that a bounty is earned",
    example: "5 https://example.org/patch --from bob",
  },
  "computronium.dao.v1.Msg/JudgeBounty": {
    positional: ["bounty_id", "claimant"],
    description: "pay a claim on a bounty (--accept), or reject it, as its judge",
    example: "5 cptm1… --accept --from judge",
  },
  "computronium.dao.v1.Msg/SetBudget": { description: "make a budget of the treasury or change it; governance signs" },
  "computronium.dao.v1.Msg/CloseBudget": { description: "close a budget of the treasury; governance signs" },
  "computronium.dao.v1.Msg/CancelExecution": { description: "cancel what a proposal decided; governance signs" },
  "computronium.dao.v1.Msg/AdmitResourceClass": { description: "admit a kind of resource; governance signs" },
  "computronium.dao.v1.Msg/RemoveResourceClass": { description: "remove a kind of resource; governance signs" },
  "computronium.dao.v1.Msg/AdmitNetworkAdapter": {
    description: "admit an adapter to another network; governance signs",
  },
  "computronium.dao.v1.Msg/RemoveNetworkAdapter": { description: "remove an adapter; governance signs" },
  "computronium.dao.v1.Msg/UpdateParams": { description: "set the parameters of the DAO; governance signs" },
};
