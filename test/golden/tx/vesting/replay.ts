import type { AccAddress } from "../../../../core/address.js";
import { Addresses } from "../../../../core/address.js";
import { toByteString } from "../../../../core/bytes.js";
import { formatCoins, parseCoinsText } from "../../../../core/math/coins.js";
import { AccountCodec } from "../../../../modules/auth/account-codec.js";
import type { Account, Vesting } from "../../../../modules/auth/types.js";
import {
  lockedCoins,
  vestingCoins,
  vestingProblem,
  withDelegation,
  withUndelegation,
} from "../../../../modules/auth/vesting.js";

/** What the Cosmos SDK made of a vesting account at one moment; written by main.go. */
interface Step {
  /** Unix seconds. */
  readonly time: string;
  readonly delegate?: string;
  readonly undelegate?: string;
  readonly vesting: string;
  readonly locked: string;
  /** As it is stored, in base64. */
  readonly account: string;
}

export interface Vectors {
  readonly seed: number;
  readonly vectors: readonly { readonly address: string; readonly account: string; readonly steps: readonly Step[] }[];
}

const codec = new AccountCodec(new Addresses("cptm"));

/** Steps that were compared, and where ours came out otherwise than Go's. */
export function replay({ vectors }: Vectors): { readonly steps: number; readonly differences: readonly string[] } {
  const differences: string[] = [];
  let steps = 0;
  for (const [i, vector] of vectors.entries()) {
    const address = toByteString(Buffer.from(vector.address, "base64")) as AccAddress;
    let account = codec.decode(address, Buffer.from(vector.account, "base64"));
    const compare = (what: string, ours: string | undefined, go: string | undefined) => {
      if (ours !== go) differences.push(`vector ${i}, ${what}: ${ours}, Go says ${go}`);
    };
    compare("account", encoded(account), vector.account);
    compare("what is wrong with it", vestingProblem(account.vesting!), undefined);
    for (const step of vector.steps) {
      steps++;
      const vesting = after(step, account.vesting!);
      account = { ...account, vesting };
      compare(`at ${step.time}`, encoded(account), step.account);
      compare(`vesting at ${step.time}`, formatCoins(vestingCoins(vesting, BigInt(step.time))), step.vesting);
      compare(`locked at ${step.time}`, formatCoins(lockedCoins(vesting, BigInt(step.time))), step.locked);
    }
  }
  return { steps, differences };
}

function after({ time, delegate, undelegate }: Step, vesting: Vesting): Vesting {
  if (delegate !== undefined) return withDelegation(vesting, BigInt(time), parseCoinsText(delegate));
  return undelegate === undefined ? vesting : withUndelegation(vesting, parseCoinsText(undelegate));
}

function encoded(account: Account): string {
  return Buffer.from(codec.encode(account)).toString("base64");
}
