/** `smoke` shows that a section measures something; its figures mean nothing. */
export type Scale = "full" | "smoke";

/** One part of the benchmark. */
export interface Section {
  /** What it measures, in one line. */
  readonly about: string;
  /** Measures, prints its tables, and returns the figures. Throws if nothing was measured. */
  run(scale: Scale, print: (table: string) => void): Promise<unknown>;
}

export interface SectionOptions<Size, Figures> {
  readonly about: string;
  readonly sizes: Readonly<Record<Scale, Size>>;
  measure(size: Size): Promise<Figures>;
  /** Tables as `formatTable` returns them. */
  tables(figures: Figures): readonly string[];
}

export function createSection<Size, Figures>(
  { about, sizes, measure, tables }: SectionOptions<Size, Figures>,
): Section {
  return {
    about,
    async run(scale, print) {
      const figures = await measure(sizes[scale]);
      for (const table of tables(figures)) print(table);
      return figures;
    },
  };
}
