import type { ValueCodec } from "../../core/collections/values.js";
import { stringValue, ValueDecodingError } from "../../core/collections/values.js";
import type { Dec } from "../../core/math/dec.js";
import { parseRawDec } from "../../core/math/dec.js";

/** A decimal that is not negative, as the text of its raw count of 10^-18. */
export const decValue: ValueCodec<Dec> = {
  encode(value) {
    if (value < 0n) throw new RangeError(`a decimal in state cannot be negative: ${value}`);
    return stringValue.encode(value.toString());
  },
  decode: (bytes) => decOf(stringValue.decode(bytes)),
};

function decOf(text: string): Dec {
  const value = parseRawDec(text);
  if (value === undefined || value < 0n) throw new ValueDecodingError("no decimal");
  return value;
}

/** Up to where the reflections of a validator's stake were reckoned. */
export interface ValidatorIndex {
  /** Reflected to one share since the validator is there. */
  readonly perShare: Dec;
  /** The chain's index up to which `perShare` counts. */
  readonly index: Dec;
  /** Its stake takes part. */
  readonly bonded: boolean;
}

/** `perShare/index/bonded`, decimals raw. */
export const validatorIndexValue: ValueCodec<ValidatorIndex> = {
  encode: ({ perShare, index, bonded }) => stringValue.encode(`${perShare}/${index}/${bonded ? 1 : 0}`),
  decode(bytes) {
    const [perShare = "", index = "", bonded = "", ...more] = stringValue.decode(bytes).split("/");
    if (more.length > 0 || !/^[01]$/.test(bonded)) throw new ValueDecodingError("no index of a validator");
    return { perShare: decOf(perShare), index: decOf(index), bonded: bonded === "1" };
  },
};
