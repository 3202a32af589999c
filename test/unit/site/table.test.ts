import { expect, test } from 'vitest'
import { labelled } from '../../../src/components/table.ts'

test('each cell but the first of a row says its column', () => {
  const html =
    '<table><thead><tr><th>Signal</th><th>On <code>"x"</code></th></tr></thead>' +
    '<tbody><tr><td>TERM</td><td>stops</td></tr><tr><td>HUP</td><td>reloads</td></tr></tbody></table>'
  expect(labelled(html)).toBe(
    '<table class="labelled"><thead><tr><th>Signal</th><th>On <code>"x"</code></th></tr></thead>' +
      '<tbody><tr><td>TERM</td><td data-label="On &quot;x&quot;">stops</td></tr>' +
      '<tr><td>HUP</td><td data-label="On &quot;x&quot;">reloads</td></tr></tbody></table>',
  )
})

test('what has no header row is refused', () => {
  expect(() => labelled('<p>no table</p>')).toThrow('Expected a table with a header row.')
})
