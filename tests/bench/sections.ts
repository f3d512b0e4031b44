import { caches } from "./caches.ts";
import { freeSlots } from "./free_slots.ts";
import { httpPolls } from "./http_polls.ts";
import { keys } from "./keys.ts";
import { memoryQueue } from "./memory_queue.ts";
import { promotion } from "./promotion.ts";
import { redisQueue } from "./redis_queue.ts";
import { seats } from "./seats.ts";
import type { Section } from "./section.ts";
import { statements, transactions } from "./sql_sections.ts";
import { waits } from "./waits.ts";

/** The sections of the benchmark, in the order in which they run. */
export const SECTIONS = {
  memoryQueue,
  redisQueue,
  promotion,
  waits,
  freeSlots,
  caches,
  statements,
  keys,
  transactions,
  httpPolls,
  seats,
} as const satisfies Readonly<Record<string, Section>>;

export type SectionName = keyof typeof SECTIONS;
