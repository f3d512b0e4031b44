/** One wrong letter is a misspelling in a name of any length, and one more in every so many. */
const LETTERS_PER_MISTAKE = 6;

/**
 * The known name that this one seems to be meant for; null if it is known itself, or like none.
 * Case and separators do not count.
 */
export function likelyMeant(name: string, known: readonly string[]): string | null {
  if (known.includes(name)) return null;
  const letters = lettersOf(name);
  for (const candidate of known) {
    const right = lettersOf(candidate);
    const mistakes = Math.max(1, Math.floor(candidate.length / LETTERS_PER_MISTAKE));
    if (Math.abs(right.length - letters.length) > mistakes) continue;
    if (distance(letters, right) <= mistakes) return candidate;
  }
  return null;
}

function lettersOf(name: string): string {
  return name.toUpperCase().replaceAll(/[^A-Z0-9]/g, "");
}

/** How many letters are missing, added, replaced, or exchanged with their neighbour. */
function distance(a: string, b: string): number {
  let [before, last] = [[] as number[], Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row[j] = Math.min(last[j]! + 1, row[j - 1]! + 1, replaced);
      const exchanged = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (exchanged) row[j] = Math.min(row[j]!, before[j - 2]! + 1);
    }
    [before, last] = [last, row];
  }
  return last[b.length]!;
}
