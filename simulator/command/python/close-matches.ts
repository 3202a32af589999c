/**
 * Python's `difflib.get_close_matches(word, possibilities)`: at most three with a ratio of 0.6 or more, the most similar first. Equally
 * similar ones are sorted backwards.
 */
export function closeMatches(word: string, possibilities: readonly string[]): string[] {
  return possibilities
    .map((possibility) => ({ possibility, score: ratio(possibility, word) }))
    .filter(({ score }) => score >= CUTOFF)
    .sort((a, b) => b.score - a.score || (a.possibility < b.possibility ? 1 : -1))
    .slice(0, AT_MOST)
    .map(({ possibility }) => possibility)
}

const CUTOFF = 0.6
const AT_MOST = 3

/** `difflib.SequenceMatcher(a=a, b=b).ratio()`: twice the matching characters, divided by all characters. */
export function ratio(a: string, b: string): number {
  const all = a.length + b.length
  return all === 0 ? 1 : (2 * matching(a, b)) / all
}

/** Counts the characters of the longest common block and, recursively, of those left and right of it. */
function matching(a: string, b: string): number {
  const { size, inA, inB } = longestBlock(a, b)
  if (size === 0) return 0
  return (
    size + matching(a.slice(0, inA), b.slice(0, inB)) + matching(a.slice(inA + size), b.slice(inB + size))
  )
}

/** The longest common block; of several the first in `a`, then the first in `b`. */
function longestBlock(
  a: string,
  b: string,
): { readonly size: number; readonly inA: number; readonly inB: number } {
  let best = { size: 0, inA: 0, inB: 0 }
  let above: number[] = []
  for (let i = 0; i < a.length; i++) {
    const row: number[] = []
    for (let j = 0; j < b.length; j++) {
      if (a[i] !== b[j]) continue
      const size = (above[j - 1] ?? 0) + 1
      row[j] = size
      if (size > best.size) best = { size, inA: i - size + 1, inB: j - size + 1 }
    }
    above = row
  }
  return best
}
