import type { DescMessage, MessageInitShape } from "@bufbuild/protobuf";
import type { MsgRegisterProviderSchema } from "@computronium/proto/computronium/marketplace/v1/tx_pb.js";
import {
  MsgAcceptBidSchema,
  MsgPlaceBidSchema,
  MsgPostOrderSchema,
  MsgStartLeaseSchema,
} from "@computronium/proto/computronium/marketplace/v1/tx_pb.js";
import type { RateSchema } from "@computronium/proto/computronium/marketplace/v1/types_pb.js";
import {
  JobClass,
  RateUnit,
  ResourceKind,
  VerificationTier,
} from "@computronium/proto/computronium/marketplace/v1/types_pb.js";

import type { MarketChain } from "./harness.js";
import { DENOM } from "./harness.js";

/** Fields of a message, without what marks a made one. */
type Plain<D extends DescMessage> = Omit<MessageInitShape<D>, "$typeName" | "$unknown">;

export const MANIFEST = new Uint8Array(32).fill(7);
export const RESULT = new Uint8Array(32).fill(9);
export const ATTRIBUTES = {
  kind: ResourceKind.DATA_CENTRE,
  gpuModel: "h100-sxm",
  gpuCount: 8,
  vramMib: 81_920n,
  cpuCores: 64,
  ramMib: 1_048_576n,
  diskMib: 4_194_304n,
  region: "eu-west",
};

export function coin(amount: bigint, denom = DENOM): { denom: string; amount: string } {
  return { denom, amount: amount.toString() };
}

export function perSecond(amount: bigint): MessageInitShape<typeof RateSchema> {
  return { amount: coin(amount), per: RateUnit.SECOND };
}

export function perHour(amount: bigint): MessageInitShape<typeof RateSchema> {
  return { amount: coin(amount), per: RateUnit.HOUR };
}

export function register(
  provider: string,
  changes: Partial<Plain<typeof MsgRegisterProviderSchema>> = {},
): Plain<typeof MsgRegisterProviderSchema> {
  return {
    provider,
    attributes: ATTRIBUTES,
    price: perSecond(10n),
    bond: coin(10_000_000n),
    endpoints: ["https://gpu.example.org:8443"],
    ttlSeconds: 86_400n,
    ...changes,
  };
}

export function order(
  owner: string,
  changes: Partial<Plain<typeof MsgPostOrderSchema>> = {},
): Plain<typeof MsgPostOrderSchema> {
  return {
    owner,
    requirements: { kinds: [ResourceKind.DATA_CENTRE] },
    jobClass: JobClass.WASM,
    verification: VerificationTier.NONE,
    manifestHash: MANIFEST,
    maxPrice: perSecond(10n),
    budget: coin(36_000n),
    durationSeconds: 3_600n,
    lifetimeSeconds: 7_200n,
    ...changes,
  };
}

/** Order, bid, acceptance: the numbers of the order and of its PENDING lease. */
export function match(
  chain: MarketChain,
  tenant: string,
  provider: string,
  options: {
    readonly price?: MessageInitShape<typeof RateSchema>;
    readonly order?: Partial<Plain<typeof MsgPostOrderSchema>>;
  } = {},
): { readonly orderId: bigint; readonly leaseId: bigint } {
  const price = options.price ?? perSecond(10n);
  const { orderId } = chain.must<typeof MsgPostOrderSchema, { orderId: bigint }>(
    MsgPostOrderSchema,
    order(tenant, options.order),
  ).response;
  chain.must(MsgPlaceBidSchema, { provider, orderId, price });
  const { leaseId } = chain.must<typeof MsgAcceptBidSchema, { leaseId: bigint }>(MsgAcceptBidSchema, {
    owner: tenant,
    orderId,
    provider,
    price,
  }).response;
  return { orderId, leaseId };
}

/** {@link match}, and the provider starts. */
export function lease(
  chain: MarketChain,
  tenant: string,
  provider: string,
  options: Parameters<typeof match>[3] = {},
): { readonly orderId: bigint; readonly leaseId: bigint } {
  const ids = match(chain, tenant, provider, options);
  chain.must(MsgStartLeaseSchema, { provider, leaseId: ids.leaseId, manifestHash: MANIFEST });
  return ids;
}
