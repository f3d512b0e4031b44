const numberFormat = new Intl.NumberFormat("en");

export function formatWhole(value: number): string {
  return numberFormat.format(Math.round(value));
}

/** For example `1 seat`, `1,200 seats`. */
export function plural(count: number, noun: string): string {
  return `${formatWhole(count)} ${noun}${count === 1 ? "" : "s"}`;
}

export function formatTenth(value: number | null, unit = ""): string {
  return value === null ? "-" : value.toFixed(1) + unit;
}
