const MAX_LEVEL = 24;

interface Node {
  readonly member: string;
  readonly score: number;
  /** The next node on each level. */
  readonly next: (Node | null)[];
  /** The distance to `next` in members, on each level. */
  readonly span: number[];
}

/**
 * A set of members ordered by score, then by member, like a Redis sorted set: a skip list with
 * spans (Pugh 1990), so that add, remove and rank are O(log N).
 */
export class SortedSet {
  readonly #head: Node = newNode("", -Infinity, MAX_LEVEL);
  readonly #nodes = new Map<string, Node>();
  #levels = 1;
  /** Xorshift state for random levels; the list has the same shape in every run. */
  #random = 0x9e3779b9;

  get size(): number {
    return this.#nodes.size;
  }

  has(member: string): boolean {
    return this.#nodes.has(member);
  }

  score(member: string): number | undefined {
    return this.#nodes.get(member)?.score;
  }

  first(): { member: string; score: number } | undefined {
    return this.#head.next[0] ?? undefined;
  }

  /** The members with a higher score, in order. */
  *above(score: number): Iterable<{ member: string; score: number }> {
    let node = this.#path("", score).before[0]!.next[0]!;
    for (; node; node = node.next[0]!) if (node.score > score) yield node;
  }

  /** Adds the member, or moves it to its new score. */
  add(member: string, score: number): void {
    this.remove(member);
    const { before, rankBefore } = this.#path(member, score);
    const levels = this.#randomLevels();
    for (; this.#levels < levels; this.#levels++) {
      before[this.#levels] = this.#head;
      rankBefore[this.#levels] = 0;
      this.#head.span[this.#levels] = this.size;
    }
    const node = newNode(member, score, levels);
    const rank = rankBefore[0]!;
    for (let level = 0; level < levels; level++) {
      const previous = before[level]!;
      const stepped = rank - rankBefore[level]!;
      node.next[level] = previous.next[level]!;
      node.span[level] = previous.span[level]! - stepped;
      previous.next[level] = node;
      previous.span[level] = stepped + 1;
    }
    for (let level = levels; level < this.#levels; level++) before[level]!.span[level]!++;
    this.#nodes.set(member, node);
  }

  remove(member: string): boolean {
    const node = this.#nodes.get(member);
    if (!node) return false;
    const { before } = this.#path(member, node.score);
    for (let level = 0; level < this.#levels; level++) {
      const previous = before[level]!;
      if (previous.next[level] === node) {
        previous.span[level]! += node.span[level]! - 1;
        previous.next[level] = node.next[level]!;
      } else {
        previous.span[level]!--;
      }
    }
    while (this.#levels > 1 && this.#head.next[this.#levels - 1] === null) this.#levels--;
    return this.#nodes.delete(member);
  }

  /** The number of members before this one; undefined if it is not in the set. */
  rank(member: string): number | undefined {
    const node = this.#nodes.get(member);
    return node && this.#path(member, node.score).rankBefore[0];
  }

  /** The number of members with a lower score. */
  countBelow(score: number): number {
    return this.#path("", score).rankBefore[0]!;
  }

  /** On each level the last node that sorts before (score, member), and the members up to it. */
  #path(member: string, score: number): { before: Node[]; rankBefore: number[] } {
    const before: Node[] = [];
    const rankBefore: number[] = [];
    let node = this.#head;
    let rank = 0;
    for (let level = this.#levels - 1; level >= 0; level--) {
      for (let next = node.next[level]!; next && sortsBefore(next, score, member);) {
        rank += node.span[level]!;
        node = next;
        next = node.next[level]!;
      }
      before[level] = node;
      rankBefore[level] = rank;
    }
    return { before, rankBefore };
  }

  /** At least 1; each further level has a probability of 1/4. */
  #randomLevels(): number {
    let levels = 1;
    for (; levels < MAX_LEVEL; levels++) {
      this.#random ^= this.#random << 13;
      this.#random ^= this.#random >>> 17;
      this.#random ^= this.#random << 5;
      if ((this.#random & 3) !== 0) break;
    }
    return levels;
  }
}

function newNode(member: string, score: number, levels: number): Node {
  return {
    member,
    score,
    next: new Array<Node | null>(levels).fill(null),
    span: new Array<number>(levels).fill(0),
  };
}

function sortsBefore(node: Node, score: number, member: string): boolean {
  return node.score < score || (node.score === score && node.member < member);
}
