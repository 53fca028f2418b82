import type { JsonValue } from "@bufbuild/protobuf";

import { wireChain } from "../../abci-app/app.js";
import { newAppState } from "../../abci-app/genesis-state.js";
import { messageToJson } from "../../core/codec/json.js";
import { Context } from "../../core/runtime/context.js";
import { GasMeter } from "../../core/runtime/gas.js";
import type { AppState } from "../../core/runtime/genesis.js";
import { GenesisError, initGenesis, readAppState } from "../../core/runtime/genesis.js";
import { CacheMultiStore } from "../../core/store/branch.js";
import type { ReadonlyKvStore } from "../../core/store/kv.js";
import { SeededRandom } from "../kit/random.js";
import { lease, match, order, register } from "../market/actors.js";
import { MarketChain } from "../market/harness.js";
import {
  MsgPostOrderSchema,
  MsgRegisterProviderSchema,
} from "@computronium/proto/computronium/marketplace/v1/tx_pb.js";

export interface GenesisFuzz {
  /** States that were taken, and from which the chain started. */
  readonly started: number;
  /** States that were refused, with a place and a reason. */
  readonly refused: number;
}

/** A state with something in every part: accounts, coins, a provider, an open order, a match, a running lease. */
export function busyAppState(): AppState {
  const chain = new MarketChain();
  const [tenant, provider] = [chain.actor(1), chain.actor(2)];
  for (const actor of [tenant, provider]) chain.fund(actor, 10n ** 12n);
  chain.must(MsgRegisterProviderSchema, register(provider));
  chain.must(MsgPostOrderSchema, order(tenant));
  match(chain, tenant, provider);
  lease(chain, tenant, provider);
  chain.endBlock(10n);
  const parts = chain.modules.flatMap(({ name, genesis }): [string, JsonValue][] =>
    genesis === undefined ? [] : [[name, messageToJson(genesis.schema, genesis.export(chain.reader()))]],
  );
  return { ...newAppState("ucptm"), ...Object.fromEntries(parts) };
}

const VALUES: readonly JsonValue[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e300,
  "",
  "0",
  "-1",
  "1",
  "01",
  "1e3",
  "18446744073709551615",
  "18446744073709551616",
  String(2n ** 256n - 1n),
  String(2n ** 256n),
  "ucptm",
  "__proto__",
  "\u202e\ufeff\ud800",
  "x".repeat(3_000),
  [],
  {},
  [[]],
  [null],
  { "@type": "/cosmos.auth.v1beta1.BaseAccount" },
  { "@type": "/no.such.Type" },
  { constructor: {} },
];

/** A copy of which one part, anywhere, is another, is gone, or is there twice. */
function mutated(random: SeededRandom, value: JsonValue): JsonValue {
  const goesOn = random.below(8) !== 0;
  if (Array.isArray(value) && value.length > 0 && goesOn) {
    const at = random.below(value.length);
    const copy = [...value];
    const action = random.below(10);
    if (action === 0) copy.splice(at, 1);
    else if (action === 1) copy.push(copy[at]!);
    else copy[at] = mutated(random, copy[at]!);
    return copy;
  }
  if (value !== null && typeof value === "object" && !Array.isArray(value) && goesOn) {
    const names = Object.keys(value);
    const action = random.below(12);
    if (action === 0 || names.length === 0)
      return { ...value, [random.pick(["surplus", "__proto__x", "@type"])]: random.pick(VALUES) };
    const name = random.pick(names);
    if (action === 1) return Object.fromEntries(Object.entries(value).filter(([other]) => other !== name));
    return { ...value, [name]: mutated(random, value[name]!) };
  }
  return random.pick(VALUES);
}

const EMPTY: ReadonlyKvStore = { get: () => undefined, has: () => false, iterate: () => [][Symbol.iterator]() };

/**
 * Reads many states, each the busy one with one to three parts changed. Each is refused with a {@link GenesisError}, or the chain
 * starts from it: whatever else is thrown comes out.
 */
export function fuzzGenesis({ runs, seed }: { readonly runs: number; readonly seed: number }): GenesisFuzz {
  const random = new SeededRandom(seed);
  const base = busyAppState();
  const count = { started: 0, refused: 0 };
  for (let run = 0; run < runs; run++) {
    let state: JsonValue = base as Record<string, JsonValue>;
    for (let changes = 1 + random.below(3); changes > 0; changes--) state = mutated(random, state);
    const text = JSON.stringify(state);
    try {
      if (start(text)) count.started++;
      else count.refused++;
    } catch (error) {
      throw new Error(`run ${run} of seed ${seed}: ${text}`, { cause: error });
    }
  }
  return count;
}

function start(text: string): boolean {
  const { chain } = wireChain();
  const timeNanos = 1_800_000_000n * 10n ** 9n;
  const block = { chainId: "fuzz-1", height: 1n, timeNanos, proposerAddress: new Uint8Array(0) };
  const stores = new CacheMultiStore({ store: () => EMPTY });
  const ctx = new Context({ block, mode: "genesis", gas: GasMeter.unlimited(), stores });
  try {
    initGenesis(chain, ctx, readAppState(chain, text));
    return true;
  } catch (error) {
    if (error instanceof GenesisError) return false;
    throw error;
  }
}
