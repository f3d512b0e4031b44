export const home = {
  title: "What’s on",
  lead: "Pick a concert. When many come at once, everybody waits in one fair line.",
  getTickets: "Get tickets",
  gather: "Be there at the opening",
  nothingOn: "Nothing is on at the moment. Please look in again later.",
  onSale: "On sale",
  until: (time: string) => `On sale until ${time}`,
  from: (time: string) => `On sale from ${time}`,
  over: "Sale ended",
  yours: (time: string) => `${time} where you are`,
};
export type HomeWords = typeof home;
