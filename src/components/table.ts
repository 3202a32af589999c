/**
 * Adds the heading of its column to each cell of an HTML table, as `data-label`: small screens hide the header row. The first column needs
 * none, since it names the row.
 * @throws Error when there is no table with a header row
 */
export function labelled(html: string): string {
  const headings = [...html.matchAll(/<th\b[^>]*>(.*?)<\/th>/gs)].map(([, text = '']) => plain(text))
  if (headings.length === 0) throw new Error('Expected a table with a header row.')
  return html.replace('<table', '<table class="labelled"').replaceAll(/<tr\b[^>]*>.*?<\/tr>/gs, (row) => {
    let column = 0
    return row.replaceAll(/<td\b/g, (cell) => {
      const heading = headings[column++]
      return column === 1 || !heading ? cell : `${cell} data-label="${heading}"`
    })
  })
}

/** The text of an HTML fragment, still escaped, for use in an attribute. */
function plain(html: string): string {
  return html
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll('"', '&quot;')
    .trim()
}
