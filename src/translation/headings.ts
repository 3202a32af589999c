/** The ids of headings: translated pages use those of the English page. */

const LISTED = /^---\r?\n(?:(?!---)[\s\S])*?^headings: *\[([^\]]*)\]/m

/** The ids that a translated page's front matter lists, in the order of its headings. */
export function headingsOf(page: string): string[] {
  const listed = LISTED.exec(page)?.[1] ?? ''
  return listed
    .split(',')
    .map((id) => id.trim().replaceAll(/^['"]|['"]$/g, ''))
    .filter((id) => id !== '')
}

/** The heading lines of a page, such as `## Recap`, without those in code blocks. */
export function headingLines(page: string): string[] {
  const text = page
    .replace(/^---\r?\n[\s\S]*?\r?\n---\r?\n/, '')
    .replaceAll(/^ *(```+)[^\n]*\n[\s\S]*?^ *\1 *$/gm, '')
  return [...text.matchAll(/^#{2,4} .+$/gm)].map(([line]) => line)
}

/** The ids of an English page's headings as Astro makes them (github-slugger's rules, as far as our headings need them). */
export function idsOf(page: string): string[] {
  const seen = new Map<string, number>()
  return headingLines(page).map((line) => {
    const id = line
      .replace(/^#+ /, '')
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replaceAll('`', '')
      .replaceAll(/(\*\*?|__?)(\S.*?\S)\1/g, '$2')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
      .replaceAll(' ', '-')
    const times = seen.get(id) ?? 0
    seen.set(id, times + 1)
    return times === 0 ? id : `${id}-${times}`
  })
}
