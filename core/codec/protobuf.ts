/**
 * The protobuf runtime. All of the node encodes and decodes through this folder, so that there is one place to look
 * when it matters how bytes are made or read.
 */
import "./text-encoding.js";

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
  toBinary,
  toJson,
} from "@bufbuild/protobuf";
