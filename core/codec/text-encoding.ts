import { configureTextEncoding } from "@bufbuild/protobuf/wire";

const encoder = new TextEncoder();
/** By default a decoder takes a byte order mark at the start of a text away. Go keeps it, and so it is in what was signed. */
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

configureTextEncoding({
  encodeUtf8: (text) => encoder.encode(text),
  decodeUtf8: (bytes) => decoder.decode(bytes),
  checkUtf8: (text) => !/\p{Surrogate}/u.test(text),
});
