import { ErrInvalidRequest } from "../../core/errors.js";

/** Parameters outside of their bounds, with the place and the value. */
export function invalidParams(problem: string): Error {
  return ErrInvalidRequest.with(problem);
}
