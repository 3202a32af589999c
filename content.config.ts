import { defineCollection } from 'astro:content'
import { z } from 'astro/zod'
import { docsLoader, i18nLoader } from '@astrojs/starlight/loaders'
import { docsSchema, i18nSchema } from '@astrojs/starlight/schema'

const extend = z.object({
  /** Of a translated page: the mark of the English text that it translates (npm run translations). */
  translates: z
    .string()
    .regex(/^[0-9a-f]{12}$/)
    .optional(),
})

export const collections = {
  docs: defineCollection({ loader: docsLoader(), schema: docsSchema({ extend }) }),
  i18n: defineCollection({ loader: i18nLoader(), schema: i18nSchema() }),
}
