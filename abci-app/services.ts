import type { DescService } from "@bufbuild/protobuf";
import { Query as ReputationQuery } from "@computronium/proto/computronium/reputation/v1/query_pb.js";
import { Msg as ReputationMsg } from "@computronium/proto/computronium/reputation/v1/tx_pb.js";
import { Query as ChainQuery } from "@computronium/proto/computronium/chain/v1/query_pb.js";
import { Query as DaoQuery } from "@computronium/proto/computronium/dao/v1/query_pb.js";
import { Msg as DaoMsg } from "@computronium/proto/computronium/dao/v1/tx_pb.js";
import { Query as MarketplaceQuery } from "@computronium/proto/computronium/marketplace/v1/query_pb.js";
import { Msg as MarketplaceMsg } from "@computronium/proto/computronium/marketplace/v1/tx_pb.js";
import { Query as TokenomicsQuery } from "@computronium/proto/computronium/tokenomics/v1/query_pb.js";
import { Msg as TokenomicsMsg } from "@computronium/proto/computronium/tokenomics/v1/tx_pb.js";
import { Query as AuthQuery } from "@computronium/proto/cosmos/auth/v1beta1/query_pb.js";
import { Msg as AuthMsg } from "@computronium/proto/cosmos/auth/v1beta1/tx_pb.js";
import { Query as AuthzQuery } from "@computronium/proto/cosmos/authz/v1beta1/query_pb.js";
import { Msg as AuthzMsg } from "@computronium/proto/cosmos/authz/v1beta1/tx_pb.js";
import { Query as BankQuery } from "@computronium/proto/cosmos/bank/v1beta1/query_pb.js";
import { Msg as BankMsg } from "@computronium/proto/cosmos/bank/v1beta1/tx_pb.js";
import { Query as ConsensusQuery } from "@computronium/proto/cosmos/consensus/v1/query_pb.js";
import { Msg as ConsensusMsg } from "@computronium/proto/cosmos/consensus/v1/tx_pb.js";
import { Query as DistributionQuery } from "@computronium/proto/cosmos/distribution/v1beta1/query_pb.js";
import { Msg as DistributionMsg } from "@computronium/proto/cosmos/distribution/v1beta1/tx_pb.js";
import { Query as MintQuery } from "@computronium/proto/cosmos/mint/v1beta1/query_pb.js";
import { Msg as MintMsg } from "@computronium/proto/cosmos/mint/v1beta1/tx_pb.js";
import { Query as EvidenceQuery } from "@computronium/proto/cosmos/evidence/v1beta1/query_pb.js";
import { Msg as EvidenceMsg } from "@computronium/proto/cosmos/evidence/v1beta1/tx_pb.js";
import { Query as FeegrantQuery } from "@computronium/proto/cosmos/feegrant/v1beta1/query_pb.js";
import { Msg as FeegrantMsg } from "@computronium/proto/cosmos/feegrant/v1beta1/tx_pb.js";
import { Query as GovQuery } from "@computronium/proto/cosmos/gov/v1/query_pb.js";
import { Msg as GovMsg } from "@computronium/proto/cosmos/gov/v1/tx_pb.js";
import { Query as LegacyGovQuery } from "@computronium/proto/cosmos/gov/v1beta1/query_pb.js";
import { Msg as LegacyGovMsg } from "@computronium/proto/cosmos/gov/v1beta1/tx_pb.js";
import { Query as SlashingQuery } from "@computronium/proto/cosmos/slashing/v1beta1/query_pb.js";
import { Msg as SlashingMsg } from "@computronium/proto/cosmos/slashing/v1beta1/tx_pb.js";
import { Query as StakingQuery } from "@computronium/proto/cosmos/staking/v1beta1/query_pb.js";
import { Msg as StakingMsg } from "@computronium/proto/cosmos/staking/v1beta1/tx_pb.js";
import { Query as UpgradeQuery } from "@computronium/proto/cosmos/upgrade/v1beta1/query_pb.js";
import { Msg as UpgradeMsg } from "@computronium/proto/cosmos/upgrade/v1beta1/tx_pb.js";
import { Msg as VestingMsg } from "@computronium/proto/cosmos/vesting/v1beta1/tx_pb.js";

/**
 * The services of all modules, for what must not load the modules themselves: a client's commands. A test holds this list
 * against the wiring in app.ts.
 */
export const QUERY_SERVICES: readonly DescService[] = [
  AuthQuery,
  AuthzQuery,
  BankQuery,
  ChainQuery,
  ConsensusQuery,
  DistributionQuery,
  DaoQuery,
  EvidenceQuery,
  FeegrantQuery,
  GovQuery,
  LegacyGovQuery,
  MarketplaceQuery,
  MintQuery,
  ReputationQuery,
  SlashingQuery,
  StakingQuery,
  TokenomicsQuery,
  UpgradeQuery,
];

export const MSG_SERVICES: readonly DescService[] = [
  AuthMsg,
  AuthzMsg,
  BankMsg,
  ConsensusMsg,
  DistributionMsg,
  DaoMsg,
  EvidenceMsg,
  FeegrantMsg,
  GovMsg,
  LegacyGovMsg,
  MarketplaceMsg,
  MintMsg,
  ReputationMsg,
  SlashingMsg,
  StakingMsg,
  TokenomicsMsg,
  UpgradeMsg,
  VestingMsg,
];
