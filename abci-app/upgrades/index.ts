import type { Upgrade } from "../../core/runtime/upgrades.js";

/**
 * The upgrades that made this program what it is, one file each, oldest first. They stay: a program refuses a state that
 * went through one that it does not have.
 */
export const UPGRADES: readonly Upgrade[] = [];
