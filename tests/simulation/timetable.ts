/** When each fan acts next, in steps of virtual time. A fan has at most one act ahead. */
export class Timetable {
  /** The fan who was added last for a step, and the one before each fan; -1 for none. */
  readonly #last: Int32Array;
  readonly #before: Int32Array;

  constructor({ fans, steps }: { readonly fans: number; readonly steps: number }) {
    this.#last = new Int32Array(steps).fill(-1);
    this.#before = new Int32Array(fans).fill(-1);
  }

  /** An act after the last step is left out. */
  add(fan: number, step: number): void {
    if (step >= this.#last.length) return;
    this.#before[fan] = this.#last[step]!;
    this.#last[step] = fan;
  }

  /** Removes and returns the fans of a step, in the order in which they were added. */
  take(step: number): readonly number[] {
    const fans: number[] = [];
    for (let fan = this.#last[step]!; fan >= 0; fan = this.#before[fan]!) fans.push(fan);
    this.#last[step] = -1;
    return fans.reverse();
  }
}
