/**
 * The protobuf runtime. All of the node encodes and decodes through this folder, so that there is one place to look
 * when it matters how bytes are made or read.
 */
export {
  clone,
  create,
  equals,
  fromBinary,
  fromJson,
  getOption,
  hasOption,
  isFieldSet,
  isMessage,
  ScalarType,
  toBinary,
  toJson,
} from "@bufbuild/protobuf";
