/** True while a process of the group that this one leads exists. */
export function isAlive(pid: number): boolean {
  return signalGroup(pid, 0);
}

/** Sends a signal to all processes of a group. False when there is none any more. */
export function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-pid, signal);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
    throw error;
  }
}
