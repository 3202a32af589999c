import { existsSync } from 'node:fs'
import { defineRouteMiddleware } from '@astrojs/starlight/route-data'
import titles from '../../content/titles.json' with { type: 'json' }
import { lookUp } from '../../simulator/manager/look-up.ts'

/** Languages in Open Graph's form, with a country. */
const OPEN_GRAPH: Readonly<Record<string, string>> = { en: 'en_US', 'zh-CN': 'zh_CN', ko: 'ko_KR' }

/** Whether the page is written in the language, rather than shown in English. */
function isWritten(page: string, language: string): boolean {
  if (language === 'en' || language === 'x-default') return true
  return existsSync(`content/docs/${language.toLowerCase()}/${page}.mdx`)
}

/**
 * Sets the metadata for search engines and link previews. For a page that shows the English text in another language, the canonical address
 * is the English one; its title is in the reader's language all the same.
 */
export const onRequest = defineRouteMiddleware(({ locals }) => {
  const route = locals.starlightRoute
  const { entry, entryMeta, locale, lang } = route
  const frames = route.isFallback === true
  const page = frames ? entry.id : entry.id.replace(/^(?:zh-cn|ko)(?:\/|$)/, '') || 'index'

  const english = entry.data.title
  const own = locale === 'zh-cn' || locale === 'ko' ? lookUp(titles, page)?.[locale] : undefined
  if (frames && own !== undefined) entry.data.title = own
  const address = (url: unknown): string => (frames ? String(url).replace(`/${locale}/`, '/') : String(url))

  route.head = route.head.filter(
    ({ attrs }) => attrs?.['rel'] !== 'alternate' || isWritten(page, String(attrs['hreflang'])),
  )
  for (const each of route.head) {
    const { attrs } = each
    if (each.tag === 'title') each.content = each.content?.replace(english, entry.data.title)
    if (attrs === undefined) continue
    if (attrs['rel'] === 'canonical') attrs['href'] = address(attrs['href'])
    if (attrs['property'] === 'og:url') attrs['content'] = address(attrs['content'])
    if (attrs['property'] === 'og:title') attrs['content'] = entry.data.title
    if (attrs['property'] === 'og:locale')
      attrs['content'] = lookUp(OPEN_GRAPH, frames ? entryMeta.lang : lang) ?? String(attrs['content'])
  }
})
