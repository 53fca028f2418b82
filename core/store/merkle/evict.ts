import type { NodeArena, Slot } from "./arena.js";
import { NO_NODE } from "./arena.js";

/**
 * Evicts the subtrees that were passed longest ago until about `targetBytes` are left. The tree below `root` must be
 * written. A node is never used before those below it, so cutting at the first cold node takes only cold ones.
 */
export function evictColdNodes(arena: NodeArena, root: Slot, targetBytes: number): void {
  if (root === NO_NODE || arena.bytes <= targetBytes) return;
  const threshold = coldThreshold(arena, targetBytes);
  const pending: Slot[] = [root];
  for (let slot = pending.pop(); slot !== undefined && arena.bytes > targetBytes; slot = pending.pop()) {
    if (arena.whole[slot] === 0) continue;
    if (arena.used[slot]! < threshold) arena.evict(slot);
    else if (arena.height[slot] !== 0) pending.push(arena.left[slot]!, arena.right[slot]!);
  }
  // Everything is as warm as everything else: let go of all, it is read again as it is used.
  if (arena.bytes > targetBytes * 1.2) arena.evict(root);
}

/** The commit before which nodes were last used that make up what is too much. */
function coldThreshold(arena: NodeArena, targetBytes: number): number {
  const perCommit = new Map<number, number>();
  let whole = 0;
  for (let slot = 1; slot < arena.end; slot++) {
    if (arena.whole[slot] === 0) continue;
    whole++;
    const used = arena.used[slot]!;
    perCommit.set(used, (perCommit.get(used) ?? 0) + 1);
  }
  let surplus = whole * (1 - targetBytes / arena.bytes);
  for (const [commit, nodes] of [...perCommit].sort(([a], [b]) => a - b)) {
    surplus -= nodes;
    if (surplus <= 0) return commit + 1;
  }
  return Number.MAX_SAFE_INTEGER;
}
