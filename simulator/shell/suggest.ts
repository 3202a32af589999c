/** The known name that is most similar to `typed`, if it is similar enough for a typing mistake. */
export function nearest(typed: string, known: readonly string[]): string | undefined {
  const word = typed.toLowerCase()
  const limit = word.length <= 5 ? 1 : 2
  let best: string | undefined
  let least = limit + 1
  for (const name of known) {
    if (word.length <= 2 && !sameLetters(word, name)) continue
    // A mistyped short name seldom has a wrong first letter: `let` is not meant as `set`.
    if (word.length <= 4 && !name.startsWith(word.charAt(0)) && !sameLetters(word, name)) continue
    const steps = distance(word, name, least)
    if (steps < least) {
      least = steps
      best = name
    }
  }
  return best
}

/** Of two letters, one wrong letter leaves too little in common; two swapped letters are a slip. */
function sameLetters(a: string, b: string): boolean {
  return a.length === b.length && [...b].every((each) => a.includes(each))
}

/** All known names by similarity to `typed`: first those that begin with it, then by edit distance. */
export function byNearness(typed: string, known: readonly string[]): string[] {
  const far = (name: string) => (name.startsWith(typed) ? 0 : distance(typed.toLowerCase(), name, Infinity))
  return known.toSorted((a, b) => far(a) - far(b))
}

/** How many letters must be changed, put in, taken out or swapped with their neighbour; counts no further than `limit`. */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, index) => index)]
  const cell = (row: number, column: number) => rows[row]?.[column] ?? Infinity
  for (let i = 1; i <= a.length; i++) {
    rows.push([i])
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? cell(i - 2, j - 2) + 1 : Infinity
      rows[i]?.push(Math.min(cell(i - 1, j) + 1, cell(i, j - 1) + 1, cell(i - 1, j - 1) + same, swapped))
    }
  }
  return cell(a.length, b.length)
}
