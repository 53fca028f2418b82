/** Entry of the thread that verifies signatures: a batch of questions in, a byte for each out. */
import { parentPort } from "node:worker_threads";

import { verify } from "../../core/crypto/secp256k1.js";
import { endWhenAsked } from "../threads.js";

const port = parentPort;
if (port === null) throw new Error("this file is the entry of a worker thread");

const KEY = 33;
const SIGNATURE = 64;
const HASH = 32;
const QUESTION = KEY + SIGNATURE + HASH;

endWhenAsked(port);
port.on("message", (questions: Uint8Array) => {
  const verdicts = new Uint8Array(questions.length / QUESTION);
  for (let i = 0; i < verdicts.length; i++) {
    const at = i * QUESTION;
    const key = questions.subarray(at, at + KEY);
    const signature = questions.subarray(at + KEY, at + KEY + SIGNATURE);
    verdicts[i] = verify(key, signature, questions.subarray(at + KEY + SIGNATURE, at + QUESTION)) ? 1 : 0;
  }
  port.postMessage(verdicts);
});
