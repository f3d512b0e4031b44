/** The tags of operations, in the order of the reference page. */
export const TAGS: Readonly<Record<string, string>> = {
  "Line": "Join the line, follow the place in it, and see rooms and their draws.",
  "Concerts": "What is on sale, for fans who are admitted.",
  "Reservations": "Hold seats, list the holds, and cancel them.",
  "Payments": "Pay for holds from the balance, and have payments refunded.",
  "Tickets": "The tickets of paid seats, and their check-in at the door.",
  "Balance": "The money of a fan.",
  "Operator": "Everything that operators do: rooms, concerts, refunds, support, webhooks, records.",
  "Health": "Whether the service works.",
  "Local run": "What only a local run has.",
};
