import { fileURLToPath } from 'node:url'
import { defineConfig } from 'astro/config'
import starlight from '@astrojs/starlight'
import { classicScript } from './src/build/classic-script.ts'
import { machineChunk } from './src/build/machine-chunk.ts'
import { contentSecurityPolicy } from './src/build/content-security-policy.ts'
import { englishHeadings } from './src/build/english-headings.ts'
import { offline } from './src/build/offline.ts'
import { packedCommand } from './src/build/packed-command.ts'
import { pythonFiles } from './src/build/python.ts'
import { searchIndex } from './src/build/search-index.ts'
import { siteFiles } from './src/build/site-files.ts'
import { thirdPartyNotices } from './src/build/site-notices.ts'
import { testPages } from './src/build/test-pages.ts'
import { sidebar } from './src/sidebar.mjs'

export default defineConfig({
  // With content/ at the top level, Starlight needs this and the stock loader: with another glob base it
  // silently loses the generated sidebar, previous/next links, dates and translated labels.
  srcDir: './',
  outDir: process.env.OUT_DIR || './dist/site',
  site: process.env.SITE_URL || 'http://127.0.0.1:4321',
  base: process.env.BASE || '/',
  trailingSlash: 'always',
  integrations: [
    // Before Starlight, which links the headings.
    englishHeadings(),
    starlight({
      title: { en: 'Server Workers', 'zh-CN': 'Server Workers', ko: 'Server Workers' },
      description: 'Learn multi-worker web servers by running them in the page and on your machine.',
      defaultLocale: 'root',
      locales: {
        root: { label: 'English', lang: 'en' },
        'zh-cn': { label: '简体中文', lang: 'zh-CN' },
        ko: { label: '한국어', lang: 'ko' },
      },
      sidebar,
      customCss: ['./src/styles/site.css'],
      routeMiddleware: ['./src/site/fallback.ts', './src/site/landing-menu.ts'],
      components: {
        FallbackContentNotice: './src/components/FallbackContentNotice.astro',
        Footer: './src/components/Footer.astro',
        Head: './src/components/Head.astro',
        PageSidebar: './src/components/PageSidebar.astro',
        PageTitle: './src/components/PageTitle.astro',
        Sidebar: './src/components/Sidebar.astro',
        TwoColumnContent: './src/components/TwoColumnContent.astro',
      },
      // From git alone; nothing is asked of a host.
      lastUpdated: true,
    }),
    searchIndex(),
    siteFiles(),
    pythonFiles(),
    testPages(),
    packedCommand(),
    contentSecurityPolicy(),
    // What it keeps is what was published.
    offline(),
    // Last: it asks of every published file what is in it.
    thirdPartyNotices(),
  ],
  vite: {
    plugins: [classicScript(), machineChunk()],
    resolve: {
      // Starlight's search gets its interface from here: it loads the real one when somebody is about to search.
      alias: [
        {
          find: /^@pagefind\/default-ui$/,
          replacement: fileURLToPath(new URL('./src/site/search-when-asked.ts', import.meta.url)),
        },
      ],
    },
    build: {
      rolldownOptions: {
        onLog(level, log, print) {
          // Astro's own mark in compiled MDX, for Astro's own use.
          if (log.code !== 'MODULE_LEVEL_DIRECTIVE') print(level, log)
        },
      },
    },
    // Found in advance: a cold dev start would else reload the page when the first lab loads.
    optimizeDeps: {
      include: [
        '@xterm/xterm',
        '@xterm/addon-fit',
        'comlink',
        'es-module-lexer/js',
        'lit',
        'lit/directives/guard.js',
        'lit/directives/ref.js',
        'lit/directives/repeat.js',
        'lit/directives/style-map.js',
        'codemirror',
        '@codemirror/lang-javascript',
        '@codemirror/lang-python',
        'uplot',
      ],
    },
  },
})
