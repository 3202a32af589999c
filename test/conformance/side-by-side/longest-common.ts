/** The longest sequence of pairs that two lists have in common, in order (dynamic programming). */
export function longestCommon<A, B>(
  left: readonly A[],
  right: readonly B[],
  alike: (a: A, b: B) => boolean,
): (readonly [A, B])[] {
  const matches = left.map((a) => right.map((b) => alike(a, b)))
  const best = Array.from({ length: left.length + 1 }, () => new Array<number>(right.length + 1).fill(0))
  const at = (i: number, j: number): number => best[i]?.[j] ?? 0
  for (let i = left.length - 1; i >= 0; i--) {
    for (let j = right.length - 1; j >= 0; j--) {
      const row = best[i]
      if (row === undefined) continue
      row[j] = matches[i]?.[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
    }
  }
  const pairs: (readonly [A, B])[] = []
  let [i, j] = [0, 0]
  while (i < left.length && j < right.length) {
    const [a, b] = [left[i] as A, right[j] as B]
    if (matches[i]?.[j]) {
      pairs.push([a, b])
      i++
      j++
    } else if (at(i + 1, j) >= at(i, j + 1)) i++
    else j++
  }
  return pairs
}
