import { z } from "zod";

/** Largest of the numbers that Cosmos writes as Go's int32. */
const MAX_INT32 = 2_147_483_647;

/** `tcp://localhost:1317` or `localhost:1317`; a host of its own in brackets when it is IPv6. */
const address = z
  .string()
  .regex(/^(tcp:\/\/)?(\[[0-9a-fA-F:]+\]|[^:/\s[\]]*):\d{1,5}$/, "expected host:port, such as localhost:9090");

/** A number that Cosmos writes as text in app.toml. */
const numberOrText = z.preprocess(
  (value) => (typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value),
  z.int().min(1).max(MAX_INT32),
);

const seconds = z.int().nonnegative().max(86_400);

/** `[api]` of app.toml: the REST gateway. Keys and defaults of the SDK, but that it is on. */
export const ApiConfigSchema = z
  .strictObject({
    enable: z.boolean().default(true),
    swagger: z.boolean().default(true),
    address: address.default("tcp://localhost:1317"),
    "max-open-connections": z.int().min(1).max(65_535).default(1000),
    "rpc-read-timeout": seconds.default(10),
    "rpc-write-timeout": seconds.default(0),
    "rpc-max-body-bytes": z
      .int()
      .min(1024)
      .max(64 << 20)
      .default(1_000_000),
    "enabled-unsafe-cors": z.boolean().default(false),
  })
  .prefault({});

/** `[grpc]` of app.toml. Keys and defaults of the SDK. */
export const GrpcConfigSchema = z
  .strictObject({
    enable: z.boolean().default(true),
    address: address.default("localhost:9090"),
    "max-recv-msg-size": numberOrText.default(10 << 20),
    "max-send-msg-size": numberOrText.default(MAX_INT32),
  })
  .prefault({});

export type ApiConfig = z.infer<typeof ApiConfigSchema>;
export type GrpcConfig = z.infer<typeof GrpcConfigSchema>;

export const API_TOML = `
[api]
# The REST gateway, for wallets and explorers.
enable = true
# Serve a page to try it at /swagger/, and its description at /openapi.json.
swagger = true
# Whoever reaches this address can query the node. "localhost" is this machine only.
address = "tcp://localhost:1317"
max-open-connections = 1000
# Seconds until a request must have come, and until its answer must be gone; 0 is no limit.
rpc-read-timeout = 10
rpc-write-timeout = 0
# Largest body of a request.
rpc-max-body-bytes = 1000000
# Let pages of any origin query this node (CORS).
enabled-unsafe-cors = false

[grpc]
# gRPC with server reflection, for relayers and programs.
enable = true
address = "localhost:9090"
# Largest message that is read, and that is sent, in bytes.
max-recv-msg-size = "10485760"
max-send-msg-size = "2147483647"
`;
