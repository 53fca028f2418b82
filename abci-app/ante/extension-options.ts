import { ErrUnknownExtensionOptions } from "../../core/errors.js";
import type { AnteStep } from "./step.js";

/** No critical extension options: the chain knows none. x/auth/ante/ext.go. */
export const refuseExtensionOptions: AnteStep = (_ctx, { tx }) => {
  if (tx.body.extensionOptions.length > 0) throw ErrUnknownExtensionOptions.plain();
};
