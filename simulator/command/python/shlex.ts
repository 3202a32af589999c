/** Python's `shlex.split(text)` in POSIX mode: quotes and escapes, no expansion. */
export function shellSplit(text: string): { readonly words: readonly string[] } | { readonly error: string } {
  const words: string[] = []
  let word: string | undefined
  let quote = ''
  for (let i = 0; i < text.length; i++) {
    const character = text[i] ?? ''
    const next = text[i + 1]
    if (quote !== '') {
      if (character === quote) quote = ''
      else if (character === '\\' && quote === '"' && next === undefined)
        return { error: 'No escaped character' }
      else if (character === '\\' && quote === '"' && (next === '"' || next === '\\')) {
        word = (word ?? '') + next
        i++
      } else word = (word ?? '') + character
    } else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else if (character === '"' || character === "'") {
      quote = character
      word ??= ''
    } else if (character === '\\') {
      if (next === undefined) return { error: 'No escaped character' }
      word = (word ?? '') + next
      i++
    } else word = (word ?? '') + character
  }
  if (quote !== '') return { error: 'No closing quotation' }
  return { words: word === undefined ? words : [...words, word] }
}
