import { MsgSendSchema } from "@computronium/proto/cosmos/bank/v1beta1/tx_pb.js";

import { message } from "../../kit/signer.js";
import type { SignOptions } from "../../kit/signer.js";
import { coin } from "../../market/actors.js";
import type { Actor } from "../actors.js";
import { DENOM } from "../denoms.js";
import type { MadeTx, Operation } from "../operation.js";
import { attack, operation } from "../operation.js";
import type { SeededRandom } from "../random.js";
import type { World } from "../world.js";

/** A transaction of one unit to oneself, which would succeed were it not for how it is signed. */
async function harmless(
  world: World,
  random: SeededRandom,
  options: (actor: Actor) => SignOptions,
): Promise<{ actor: Actor; messages: [ReturnType<typeof message>]; options: SignOptions } | undefined> {
  const actor = await world.someone(random);
  if (actor === undefined) return undefined;
  const { address } = actor;
  const send = message(MsgSendSchema, { fromAddress: address, toAddress: address, amount: [coin(1n)] });
  await world.learnSequence(actor);
  return { actor, messages: [send], options: options(actor) };
}

/** Bytes that were signed, and changed on their way. */
async function changed(world: World, random: SeededRandom): Promise<MadeTx | undefined> {
  const made = await harmless(world, random, ({ signer }) => ({ sequence: signer.sequence }));
  if (made === undefined) return undefined;
  const bytes = await world.sign(made.actor, made.messages, made.options);
  const copy = Uint8Array.from(bytes);
  copy[random.below(copy.length)]! ^= 1 << random.below(8);
  return { bytes: copy, mustFail: true, isUnordered: false };
}

export const authOperations: readonly Operation[] = [
  operation("auth/unordered", 1, async (world, random) =>
    harmless(world, random, () => ({
      sequence: 0n,
      body: {
        unordered: true,
        timeoutTimestamp: { seconds: world.timeSeconds + BigInt(60 + random.below(300)), nanos: random.below(10 ** 9) },
      },
    })),
  ),
  attack("auth/future-sequence", 1, async (world, random) =>
    harmless(world, random, ({ signer }) => ({ sequence: signer.sequence + 100n })),
  ),
  attack("auth/other-chain", 1, async (world, random) =>
    harmless(world, random, ({ signer }) => ({ sequence: signer.sequence, chainId: "another-1" })),
  ),
  attack("auth/no-gas", 1, async (world, random) =>
    harmless(world, random, ({ signer }) => ({ sequence: signer.sequence, gas: BigInt(1 + random.below(3_000)) })),
  ),
  attack("auth/fee-of-no-coin", 1, async (world, random) =>
    harmless(world, random, ({ signer }) => ({
      sequence: signer.sequence,
      fee: [{ denom: "unowned", amount: "5000" }],
    })),
  ),
  attack("auth/fee-above-all", 1, async (world, random) =>
    harmless(world, random, ({ signer }) => ({
      sequence: signer.sequence,
      fee: [{ denom: DENOM, amount: String(10n ** 30n) }],
    })),
  ),
  {
    name: "auth/replay",
    weight: 1,
    async make(world, random) {
      if (world.past.length === 0) return undefined;
      return { bytes: random.pick(world.past).bytes, mustFail: true, isUnordered: false };
    },
  },
  { name: "auth/flipped-bit", weight: 1, make: changed },
  {
    name: "auth/no-transaction",
    weight: 1,
    make: async (_, random) => ({
      bytes: Uint8Array.from({ length: random.below(80) }, () => random.below(256)),
      mustFail: true,
      isUnordered: false,
    }),
  },
];
