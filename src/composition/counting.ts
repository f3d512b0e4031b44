import type { Fronts } from "../application/fronts.ts";
import type { Maintenance } from "../application/maintenance.ts";
import type { AdmissionCheck } from "../ports/admission_check.ts";
import type { Cache, KnownEntry } from "../ports/cache.ts";
import type { Clock } from "../ports/clock.ts";
import type { Counters } from "../ports/counters.ts";
import type { Report } from "../ports/report.ts";
import type { WebhookSender } from "../ports/webhook_sender.ts";

// The same ports and services, with what they do counted.

/** What a cached value is: its key up to the version. */
function kindOf(key: string): string {
  return key.slice(0, key.indexOf(":"));
}

function isHit({ state }: KnownEntry): boolean {
  return state === "HIT" || state === "KNOWN";
}

export function countReport(report: Report, counters: Counters): Report {
  return (event) => {
    counters.countFault(event.what);
    report(event);
  };
}

export function countCache(cache: Cache, counters: Counters): Cache {
  return {
    ...cache,
    async read(key) {
      const entry = await cache.read(key);
      counters.countCacheRead(kindOf(key), isHit(entry));
      return entry;
    },
    async lease(key, lease, leaseTtlMs) {
      const entry = await cache.lease(key, lease, leaseTtlMs);
      if (entry.state === "LEASED" && entry.lease === lease) counters.countCacheLoad(kindOf(key));
      return entry;
    },
  };
}

export function countAdmissionCheck(
  { check, checkKnown }: AdmissionCheck,
  counters: Counters,
): AdmissionCheck {
  return {
    async check(place, cacheKey) {
      const checked = await check(place, cacheKey);
      counters.countCacheRead(kindOf(cacheKey), isHit(checked.cached));
      return checked;
    },
    async checkKnown(place, reads) {
      const checked = await checkKnown(place, reads);
      for (let i = 0; i < reads.length; i++) {
        counters.countCacheRead(kindOf(reads[i]!.key), isHit(checked.cached[i]!));
      }
      return checked;
    },
  };
}

export function countFronts({ present }: Fronts, counters: Counters, clock: Clock): Fronts {
  return {
    async present(context, room) {
      const found = await present(context, room);
      if (found) counters.countFront(clock() - found.front.takenAtMs);
      return found;
    },
  };
}

export function countDeliveries(send: WebhookSender, counters: Counters): WebhookSender {
  return async (message) => {
    const sent = await send(message);
    const isTaken = sent.answered && sent.status >= 200 && sent.status < 300;
    counters.countDelivery(isTaken ? "delivered" : sent.answered ? "refused" : "silent");
    return sent;
  };
}

export function countCronRuns(maintenance: Maintenance, counters: Counters): Maintenance {
  return {
    ...maintenance,
    async run() {
      let succeeded = false;
      try {
        const outcome = await maintenance.run();
        succeeded = true;
        return outcome;
      } finally {
        counters.countCronRun(succeeded);
      }
    },
  };
}
