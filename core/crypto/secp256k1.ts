import { createRequire } from "node:module";
import { dirname } from "node:path";

/** What checks signatures here: libsecp256k1 as native code, or compiled to WebAssembly. */
export type Secp256k1Backend = "native libsecp256k1" | "WebAssembly libsecp256k1";

type Verify = (publicKey33: Uint8Array, signature64: Uint8Array, hash32: Uint8Array) => boolean;

/** The addon of the npm package `secp256k1`, without its JavaScript: 0 is "valid", the others are kinds of "no". */
interface NativeAddon {
  readonly Secp256k1: new () => {
    ecdsaVerify(signature64: Uint8Array, hash32: Uint8Array, publicKey: Uint8Array): number;
  };
}

/** The binding of this platform; undefined when the package has none. Its entry point is avoided: it falls back to slow JavaScript without saying so. */
function loadNative(): Verify | undefined {
  const require = createRequire(import.meta.url);
  let addon: NativeAddon;
  try {
    const load = require("node-gyp-build") as (directory: string) => NativeAddon;
    addon = load(dirname(require.resolve("secp256k1/package.json")));
  } catch {
    return undefined;
  }
  const library = new addon.Secp256k1();
  return (publicKey, signature, hash) => library.ecdsaVerify(signature, hash, publicKey) === 0;
}

/** libauth's build of the same library. Exported for the tests, which hold both against each other. */
export async function loadWebAssembly(): Promise<Verify> {
  // Loaded where it is needed: its 150 files cost every process 0.2 s, and most have the native code.
  const { instantiateSecp256k1 } = await import("@bitauth/libauth");
  const library = await instantiateSecp256k1();
  return (publicKey, signature, hash) => library.verifySignatureCompactLowS(signature, publicKey, hash);
}

const native = loadNative();
const check: Verify = native ?? (await loadWebAssembly());

/** For the log: a node on WebAssembly checks a third of the signatures in the same time. */
export const secp256k1Backend: Secp256k1Backend =
  native === undefined ? "WebAssembly libsecp256k1" : "native libsecp256k1";

/**
 * Checks an ECDSA signature.
 *
 * @param publicKey33 A compressed point; any other form is refused.
 * @param signature64 r ‖ s, big-endian, with 0 < r, s < n and s ≤ n/2: of the two signatures that fit, only the low one counts.
 * @param hash32 sha256 of what was signed.
 */
export function verify(publicKey33: Uint8Array, signature64: Uint8Array, hash32: Uint8Array): boolean {
  if (publicKey33.length !== 33 || signature64.length !== 64 || hash32.length !== 32) return false;
  return check(publicKey33, signature64, hash32);
}
