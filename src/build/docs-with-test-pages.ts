import { docsLoader } from '@astrojs/starlight/loaders'
import { glob, type Loader } from 'astro/loaders'

const pages = glob({
  base: './test/browser/pages',
  pattern: '*.mdx',
  generateId: ({ entry }) => `test/${entry.replace(/\.mdx$/, '')}`,
})

/** The pages of content/docs and, when TEST_PAGES is set, those of test/browser/pages/x.mdx at /test/x/, in English alone. */
export function docsWithTestPages(): Loader {
  const docs = docsLoader()
  return {
    ...docs,
    name: 'docs-with-test-pages',
    async load(context) {
      await docs.load(context)
      if (!process.env.TEST_PAGES) return
      // A loader deletes what was in the store before it: it sees an empty one.
      const store = new Proxy(context.store, {
        get(target, name) {
          if (name === 'keys') return () => []
          const value: unknown = Reflect.get(target, name)
          return typeof value === 'function' ? (value.bind(target) as unknown) : value
        },
      })
      await pages.load({ ...context, store })
    },
  }
}
