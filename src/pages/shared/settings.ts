/** What the server says of this deployment, on the root element of each document. */
const { signIn, charge, seatLimit, returnTo, audience, currency } =
  document.documentElement.dataset;

export const settings = {
  /** Whether a name is enough to sign in: the local run. */
  localSignIn: signIn === "local",
  /** Whether fans may top their balance up themselves. */
  selfCharge: charge === "true",
  /** How many seats of one schedule a fan may have. */
  seatLimit: Number(seatLimit) || 1,
  /** Where an admitted fan is sent back to. The server has checked its origin. */
  returnTo: returnTo || null,
  /** Whom the admission that is sent back is for; null for the first of the deployment. */
  audience: audience || null,
  /** The currency of all amounts. */
  currency: currency ?? "",
};
