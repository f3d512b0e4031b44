/** The business limits. Schemas, services and the tests of the database's checks use these. */

/** Also the most reservations in one payment. */
export const MAX_SEATS_PER_REQUEST = 50;
export const MAX_SCHEDULES_PER_CONCERT = 100;
/** Seats of all schedules of one concert together. */
export const MAX_SEATS_PER_CONCERT = 100_000;
/** Concerts in an answer of the public list. */
export const MAX_CONCERTS_PER_PAGE = 500;
export const MAX_SEAT_NUMBER = 1_000_000;
/** In the smallest unit of the currency, as every amount. */
export const MAX_SEAT_PRICE = 100_000_000;
export const MAX_CHARGE = 10_000_000;
/** The largest correction of a balance, up or down. */
export const MAX_CORRECTION = 1_000_000_000;
/** Also the highest rate of admissions a minute. */
export const MAX_CAPACITY = 10_000_000;
/** Fans whom an operator promotes by one call. */
export const MAX_PROMOTED_PER_REQUEST = 10_000;
/** The longest duration that a room's setting can have: a leap year. */
export const MAX_DURATION_SECONDS = 366 * 24 * 3600;
/** With so many seats left or more, the stock does not limit admissions. */
export const PLENTIFUL_STOCK = 1_000;
