import { readlinkSync } from "node:fs";
import { getPriority, setPriority } from "node:os";
import { basename } from "node:path";
import type { MessagePort, Worker } from "node:worker_threads";
import { receiveMessageOnPort } from "node:worker_threads";

/** What a thread is told when it is to end. */
const END = "end of the thread";
/** How much nicer a thread is than the main one: a ninth of its share where both want the same processor (sched(7)). */
const NICER = 10;
const NICEST = 19;
/** Longer than loading takes on a busy machine. */
const PATIENCE_MILLISECONDS = 10_000;

/**
 * Ends a thread, and resolves when it is gone. It is asked to, and not terminated: native code that is interrupted while it loads
 * or answers throws where nobody catches it, and ends the whole process with SIGABRT. Only one that does not end in `patience`
 * milliseconds is.
 */
export async function endThread(worker: Worker, patience: number = PATIENCE_MILLISECONDS): Promise<void> {
  // It has gone by itself.
  if (worker.threadId === -1) return;
  const gone = new Promise<void>((resolve) => worker.once("exit", () => resolve()));
  worker.postMessage(END);
  const timer = setTimeout(() => void worker.terminate(), patience);
  await gone;
  clearTimeout(timer);
}

/** In a thread that answers messages, before all other listeners: ends it when it is asked to, once it has done what is to be done `before`. */
export function endWhenAsked(port: MessagePort, before?: () => Promise<void>): void {
  port.on("message", (message: unknown) => {
    if (message !== END) return;
    // In a thread this ends the thread.
    if (before === undefined) process.exit();
    else void before().finally(() => process.exit());
  });
}

/** In a thread that works without pause and takes no messages: whether it has been asked to end. */
export function isAskedToEnd(port: MessagePort): boolean {
  return receiveMessageOnPort(port)?.message === END;
}

/**
 * In a thread for which consensus never waits: lets it have the processor when there are not enough of them. Linux alone has
 * a priority for each thread (setpriority(2), "C library/kernel differences"); elsewhere, and where `/proc` is missing, all stays as it is.
 */
export function giveWay(): void {
  if (process.platform !== "linux") return;
  try {
    const thread = Number(basename(readlinkSync("/proc/thread-self")));
    setPriority(thread, Math.min(NICEST, getPriority(process.pid) + NICER));
  } catch {
    // It answers as well, at the same priority as all others.
  }
}
