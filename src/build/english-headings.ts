import { readFileSync } from 'node:fs'
import type { AstroIntegration } from 'astro'
import { headingsOf } from '../translation/headings.ts'

/** The part of Astro's Markdown processor that is used here; Starlight adds its own plugins in the same way. */
interface Processor {
  readonly options: { readonly hastPlugins: unknown[] }
}

interface Heading {
  readonly tagName: string
}

interface Context {
  readonly setProperty: (node: Heading, name: string, value: string) => void
}

/**
 * Gives the headings of a translated page the ids of the English ones, which its front matter lists (`headings`): so a link to a section
 * works in every language, and a reader who changes the language stays at the same section.
 */
export function englishHeadings(): AstroIntegration {
  return {
    name: 'english-headings',
    hooks: {
      'astro:config:setup': ({ config }) => {
        const { options } = config.markdown.processor as unknown as Processor
        options.hastPlugins.push(({ fileURL }: { fileURL?: URL }) => {
          const ids = fileURL === undefined ? [] : headingsOf(readFileSync(fileURL, 'utf8'))
          if (ids.length === 0) return
          let next = 0
          return {
            name: 'english-headings',
            element: {
              filter: ['h2', 'h3', 'h4'],
              visit(node: Heading, context: Context) {
                const id = ids[next++]
                if (id !== undefined) context.setProperty(node, 'id', id)
              },
            },
          }
        })
      },
    },
  }
}
