import { createRequire } from "node:module";
import { instantiateSecp256k1 } from "@bitauth/libauth";

/** secp256k1 as the load generator needs it: 32-byte keys and digests, compressed public keys, compact low-S signatures. */
export interface Signer {
  readonly name: "secp256k1" | "libauth";
  publicKey(privateKey: Uint8Array): Uint8Array;
  sign(digest: Uint8Array, privateKey: Uint8Array): Uint8Array;
}

interface NativeBinding {
  publicKeyCreate(privateKey: Uint8Array, compressed: boolean): Uint8Array;
  ecdsaSign(digest: Uint8Array, privateKey: Uint8Array): { signature: Uint8Array };
}

/** The native binding where this platform has one (about 50 µs a signature), else libauth's WebAssembly. */
export async function loadSigner(): Promise<Signer> {
  const native = loadNative();
  if (native !== undefined) {
    return {
      name: "secp256k1",
      publicKey: (privateKey) => native.publicKeyCreate(privateKey, true),
      sign: (digest, privateKey) => native.ecdsaSign(digest, privateKey).signature,
    };
  }
  const wasm = await instantiateSecp256k1();
  return {
    name: "libauth",
    publicKey: (privateKey) => bytesOf(wasm.derivePublicKeyCompressed(privateKey)),
    sign: (digest, privateKey) => bytesOf(wasm.signMessageHashCompact(privateKey, digest)),
  };
}

/** `secp256k1/bindings.js` and not the package's main file, which falls back to slow JavaScript in silence. */
function loadNative(): NativeBinding | undefined {
  try {
    return createRequire(import.meta.url)("secp256k1/bindings.js") as NativeBinding;
  } catch {
    return undefined;
  }
}

function bytesOf(result: Uint8Array | string): Uint8Array {
  if (typeof result === "string") throw new Error(result);
  return result;
}
