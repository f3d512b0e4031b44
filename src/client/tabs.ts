import type { Environment, TabChannel } from "./environment.ts";

/** The tabs of one place: one leads and polls, the others follow what it posts. */
export interface Tabs {
  post(message: unknown): void;
  /** Follow no longer: the leader is silent. */
  takeOver(): void;
  close(): void;
}

export interface TabRole {
  lead(): void;
  follow(): void;
  receive(message: unknown): void;
}

/** Null where tabs cannot agree: then each polls by itself. */
export function openTabs(
  { locks, channel }: Environment,
  name: string,
  { lead, follow, receive }: TabRole,
): Tabs | null {
  if (!locks || !channel) return null;
  const port: TabChannel = channel(name);
  port.onmessage = ({ data }) => receive(data);
  let closed = false;
  let release = () => {};
  let queued = new AbortController();

  function elect(steal: boolean): void {
    const { signal } = queued;
    locks!.request(name, steal ? { steal } : { signal }, () => {
      if (closed) return Promise.resolve();
      lead();
      return new Promise<void>((resolve) => release = resolve);
    }).catch(() => {
      // Another tab took the lead; or this request was withdrawn to take it.
      if (closed || signal.aborted) return;
      follow();
      elect(false);
    });
  }
  follow();
  elect(false);
  return {
    post(message) {
      if (!closed) port.postMessage(message);
    },
    takeOver() {
      queued.abort();
      queued = new AbortController();
      elect(true);
    },
    close() {
      closed = true;
      queued.abort();
      release();
      port.close();
    },
  };
}
