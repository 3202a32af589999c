const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** The grapheme clusters of a text, each with its index in `text`. */
export function graphemes(text: string): { text: string; at: number }[] {
  return [...segmenter.segment(text)].map(({ segment, index }) => ({ text: segment, at: index }))
}

/** Where the character before `at` begins. */
export function before(text: string, at: number): number {
  return graphemes(text.slice(0, at)).at(-1)?.at ?? 0
}

/** Where the character at `at` ends. */
export function after(text: string, at: number): number {
  return at + (graphemes(text.slice(at))[0]?.text.length ?? 0)
}

/** Where the word before `at` begins. `blank`: words are separated by blanks (Ctrl+W); otherwise they are letters and digits (Alt+B). */
export function wordBefore(text: string, at: number, blank: boolean): number {
  const pattern = blank ? /\S+\s*$/u : /[\p{L}\p{N}_]+[^\p{L}\p{N}_]*$/u
  return pattern.exec(text.slice(0, at))?.index ?? 0
}

/** Where the word after `at` ends. */
export function wordAfter(text: string, at: number): number {
  return at + (/^[^\p{L}\p{N}_]*[\p{L}\p{N}_]*/u.exec(text.slice(at))?.[0].length ?? 0)
}
