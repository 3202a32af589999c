import { defineCollection } from 'astro:content'
import { z } from 'astro/zod'
import { i18nLoader } from '@astrojs/starlight/loaders'
import { docsSchema, i18nSchema } from '@astrojs/starlight/schema'
import { docsWithTestPages } from './src/build/docs-with-test-pages.ts'

const extend = z.object({
  /** Of a translated page: the mark of the English text that it translates (npm run translations). */
  translates: z
    .string()
    .regex(/^[0-9a-f]{12}$/)
    .optional(),
  /** Of a translated page: the ids of the English headings, in the order of its own (written by npm run translations). */
  headings: z.array(z.string()).optional(),
})

export const collections = {
  docs: defineCollection({ loader: docsWithTestPages(), schema: docsSchema({ extend }) }),
  i18n: defineCollection({ loader: i18nLoader(), schema: i18nSchema() }),
}
