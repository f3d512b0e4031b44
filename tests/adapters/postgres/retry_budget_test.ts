import { equal, ok } from "node:assert/strict";
import { retryBudget } from "../../../src/adapters/postgres/retry_budget.ts";

const CALLS_PER_RETRY = 10;
const MOST_SAVED = 1;

type Budget = ReturnType<typeof retryBudget>;

function calls(budget: Budget, count: number): void {
  for (let call = 0; call < count; call++) budget.countCall();
}

function takeAll(budget: Budget): number {
  let taken = 0;
  while (budget.takeRetry()) taken++;
  return taken;
}

Deno.test("retry budget: a new one has nothing saved", () => {
  equal(takeAll(retryBudget()), 0);
});

Deno.test("retry budget: a retry is earned by ten calls, no sooner", () => {
  const budget = retryBudget();
  calls(budget, CALLS_PER_RETRY - 1);
  equal(takeAll(budget), 0);
  calls(budget, 1);
  equal(takeAll(budget), 1);
  calls(budget, CALLS_PER_RETRY - 1);
  equal(takeAll(budget), 0);
});

Deno.test("retry budget: what was taken is gone, and what was not stays", () => {
  const budget = retryBudget();
  calls(budget, CALLS_PER_RETRY);
  equal(budget.takeRetry(), true);
  equal(budget.takeRetry(), false);
  calls(budget, CALLS_PER_RETRY - 1);
  equal(budget.takeRetry(), false);
  calls(budget, 1);
  equal(budget.takeRetry(), true);
});

Deno.test("retry budget: a quiet time saves up for one retry, no more", () => {
  const budget = retryBudget();
  calls(budget, 100 * CALLS_PER_RETRY);
  equal(takeAll(budget), MOST_SAVED);
});

Deno.test("retry budget: calls that all ask for a retry get one in ten", () => {
  const budget = retryBudget();
  let retries = 0;
  for (let call = 0; call < 1_000; call++) {
    budget.countCall();
    if (budget.takeRetry()) retries++;
  }
  ok(retries <= 100, `${retries} retries`);
  ok(retries >= 90, `${retries} retries`);
});
