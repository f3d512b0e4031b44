import { createSection } from "./section.ts";
import { measureStatements } from "./statements.ts";
import { formatTable, ranged } from "./table.ts";
import { measureTransactions } from "./transactions.ts";

export const statements = createSection({
  about: "holds, payments and sell-outs in SQL, as ratios of a raw UPDATE of as many rows",
  sizes: {
    full: { clients: [1, 16, 64], rounds: 3, sliceMs: 500, seedShare: 1 },
    smoke: { clients: [2], rounds: 1, sliceMs: 20, seedShare: 0.05 },
  },
  measure: measureStatements,
  // It prints its tables while it measures.
  tables: () => [],
});

export const transactions = createSection({
  about: "a hold in one call, against an interactive transaction",
  sizes: {
    full: { clients: 16, rounds: 5, sliceMs: 600, tripsMs: [0, 2] },
    smoke: { clients: 2, rounds: 1, sliceMs: 20, tripsMs: [0] },
  },
  measure: measureTransactions,
  tables: (figures) => [formatTable(
    "Holds a second of two of twelve hot seats, 16 clients: one function call, and an interactive " +
      "transaction, by what is added to each round trip",
    ["", "one call", "BEGIN … COMMIT", "ratio"],
    figures.map(({ tripMs, perSecond, ratio: of }) => [
      `${tripMs} ms`,
      ranged(perSecond["one call"]),
      ranged(perSecond.interactive),
      ranged(of, (value) => value.toFixed(1)),
    ]),
  )],
});
