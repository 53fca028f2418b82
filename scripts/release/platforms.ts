/** A machine that a release is made for. */
export interface Platform {
  /** As Node calls them: `linux-x64`. */
  readonly name: string;
  readonly os: NodeJS.Platform;
  readonly cpu: NodeJS.Architecture;
  readonly goArch: string;
  /** SHA-512 of the npm package that carries Node for it (`node-<name>`), as the registry states it. */
  readonly nodeIntegrity: string;
}

/** A long-term support release: validators run this one and no other. */
export const NODE_VERSION = "24.21.0";

/** No npm package carries a supported Node for macOS, so there is no release for it. */
export const PLATFORMS: readonly Platform[] = [
  {
    name: "linux-x64",
    os: "linux",
    cpu: "x64",
    goArch: "amd64",
    nodeIntegrity: "sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==",
  },
  {
    // Without a native binding of libsecp256k1 in its package: signatures are verified by WebAssembly there.
    name: "linux-arm64",
    os: "linux",
    cpu: "arm64",
    goArch: "arm64",
    nodeIntegrity: "sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==",
  },
];
