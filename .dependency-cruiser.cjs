/** Arrows go one way (docs/ARCHITECTURE.md): core ← modules ← abci-app; client and provider know only the protobuf types. */
module.exports = {
  forbidden: [
    {
      name: "no-cycles",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "core-knows-no-module",
      severity: "error",
      from: { path: "^core/" },
      to: { path: "^(modules|abci-app|client|provider|localnet|test|bench)/" },
    },
    {
      name: "modules-know-only-core",
      severity: "error",
      from: { path: "^modules/" },
      to: { path: "^(abci-app|client|provider|localnet|test|bench)/" },
    },
    {
      name: "between-modules-only-types",
      comment: "Keepers of other modules arrive through expected.ts and are handed over in app.ts.",
      severity: "error",
      from: { path: "^modules/([^/]+)/", pathNot: "\\.test\\.ts$" },
      to: { path: "^modules/", pathNot: ["^modules/$1/", "^modules/[^/]+/types\\.ts$"] },
    },
    {
      name: "client-stands-alone",
      severity: "error",
      from: { path: "^client/" },
      to: { path: "^(core|modules|abci-app|provider|localnet|test|bench)/" },
    },
    {
      name: "provider-knows-only-client",
      severity: "error",
      from: { path: "^provider/" },
      to: { path: "^(core|modules|abci-app|localnet|test|bench)/" },
    },
    {
      name: "only-codec-knows-protobuf",
      comment: "Encoding and decoding of protobuf is in core/codec alone; types are free to use.",
      severity: "error",
      from: { path: "^(core|modules|abci-app)/", pathNot: ["^core/codec/", "\\.test\\.ts$"] },
      to: { path: "node_modules/@bufbuild/protobuf", dependencyTypesNot: ["type-only"] },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: ["/dist/", "^proto/gen"] },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
  },
};
