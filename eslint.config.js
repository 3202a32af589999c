import js from '@eslint/js'
import astro from 'eslint-plugin-astro'
import boundaries from 'eslint-plugin-boundaries'
import { defineConfig, globalIgnores } from 'eslint/config'
import globals from 'globals'
import ts from 'typescript-eslint'
import mayImport from './test/lint/rules/may-import.json' with { type: 'json' }
import notYet from './test/lint/rules/not-yet.json' with { type: 'json' }
import { namesOfPrograms } from './test/lint/rules/names-of-programs.js'
import { wordsInMaps } from './test/lint/rules/words-in-maps.js'

/** The one table of which folder may import which: an import that is not in it is a defect. test/lint shows that the rule bites. */
const types = new Map(mayImport.map(({ folder }) => [folder, folder.replaceAll('/', '-')]))
const elements = [
  ...mayImport.map(({ folder }) => ({ type: types.get(folder), pattern: folder })),
  // What is in the repository beside them; nobody above may import the tests.
  { type: 'content', pattern: 'content' },
  { type: 'test', pattern: 'test' },
]

const policies = [
  ...mayImport.map(({ folder, imports }) => ({
    from: { element: { type: types.get(folder) } },
    allow: {
      to: { element: { types: { anyOf: [folder, ...imports].map((each) => types.get(each) ?? each) } } },
    },
  })),
  // For the version.
  {
    from: { element: { types: { anyOf: ['simulator-host-node', 'src'] } } },
    allow: { to: { file: { categories: 'package' } } },
  },
]

/** What no folder without a platform may touch: it arrives in events, or through an interface. */
const nodeModules = {
  regex: '^node:',
  message: 'This folder knows no platform: what Node gives arrives through an interface.',
}
const packages = {
  regex: '^[^.]',
  message: 'This folder is pure: it imports nothing but our own files, and no module of Node.',
}

const platformGlobals = [
  'globalThis',
  'process',
  'self',
  'window',
  'document',
  'navigator',
  'Worker',
  'fetch',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'performance',
  'console',
  'crypto',
].map((name) => ({ name, message: 'This folder knows no platform.' }))

const clock = [
  { object: 'Date', property: 'now', message: 'Time arrives in events (milliseconds).' },
  { object: 'Math', property: 'random', message: 'Chance comes from the seed.' },
]
// Date.UTC and new Date(milliseconds) are mere arithmetic.
const today = {
  selector: 'NewExpression[callee.name=Date][arguments.length=0], CallExpression[callee.name=Date]',
  message: 'Time arrives in events (milliseconds).',
}

/** Text between tags. What a program prints or a reader types (in `<code>`, `<kbd>`, …) is no text of ours. */
const message = 'What a reader sees is in the language files: content/, or words/ beside the code.'
const words = [
  {
    selector:
      'JSXElement:not([openingElement.name.name=/^(script|style|code|kbd)$/]) > JSXText[value=/\\p{L}{2}/u]',
    message,
  },
  {
    selector:
      'TaggedTemplateExpression[tag.name=/^(html|svg)$/] > TemplateLiteral > TemplateElement[value.raw=/>[^<{]*\\p{L}{2}[^<]*(<|$)/u]',
    message,
  },
]

/** Rules of our own. */
const house = { rules: { 'names-of-programs': namesOfPrograms, 'words-in-maps': wordsInMaps } }

export default defineConfig(
  globalIgnores(['dist/', '.astro/', 'test-results/', 'playwright-report/', 'content/transcripts/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [ts.configs.recommendedTypeChecked, ts.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      // An empty string, e.g. of the environment, is as good as none.
      '@typescript-eslint/prefer-nullish-coalescing': ['error', { ignorePrimitives: { string: true } }],
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/dot-notation': 'off',
      // Terminals are made of control characters.
      'no-control-regex': 'off',
      // The compiler knows better which names exist.
      'no-undef': 'off',
    },
  },
  astro.configs.recommended,
  // Scripts inside .astro files are no files of a TypeScript project; astro check knows their types.
  {
    files: ['**/*.astro/*.ts'],
    extends: [ts.configs.disableTypeChecked],
    languageOptions: { parserOptions: { project: null } },
  },
  {
    name: 'files are small',
    files: ['**/*.{ts,js,mjs,astro}'],
    rules: { 'max-lines': ['error', 400] },
  },
  // Those that are not small yet do not grow.
  ...Object.entries(notYet.long).map(([file, lines]) => ({
    files: [file],
    rules: { 'max-lines': ['error', lines] },
  })),
  {
    name: 'words are in the language files',
    files: ['src/**/*.{ts,astro}'],
    rules: {
      'no-restricted-syntax': ['error', ...words],
    },
  },
  {
    name: 'words are looked up in maps',
    files: ['src/**/*.ts', 'simulator/**/*.ts'],
    ignores: [
      'simulator/manager/look-up.ts',
      // What an application has may be inherited, as with `getattr`.
      'simulator/host/browser/process/app.ts',
      'simulator/host/node/{server/app,child/discover,child/load}.ts',
    ],
    plugins: { house },
    rules: { 'house/words-in-maps': 'error' },
  },
  {
    name: 'traits of programs, not their names',
    files: ['src/**/*.{ts,astro}', 'simulator/**/*.ts'],
    plugins: { house },
    rules: { 'house/names-of-programs': 'error' },
  },
  {
    name: 'versions are compared where their rules stand',
    files: [
      'simulator/**/rules.ts',
      'simulator/manager/versions.ts',
      'simulator/command/**/{options,words}.ts',
    ],
    rules: { 'house/names-of-programs': ['error', { versions: false }] },
  },
  {
    files: ['**/*.{js,mjs}'],
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
  },
  {
    name: 'direction of imports',
    files: ['simulator/**/*.{ts,js,mjs}', 'src/**/*.{ts,js,mjs,astro}'],
    plugins: { boundaries },
    settings: {
      'boundaries/elements': elements,
      'boundaries/files': [{ category: 'package', pattern: 'package.json' }],
      'boundaries/additional-dependency-nodes': [
        // A worker's file: new Worker(new URL('./x.ts', import.meta.url))
        {
          name: 'url',
          selector: 'NewExpression[callee.name=URL] > Literal[value=/[.]ts$/]:first-child',
          kind: 'value',
        },
      ],
      'import/resolver': { [`${import.meta.dirname}/test/setup/import-resolver.cjs`]: {} },
    },
    rules: {
      'boundaries/dependencies': ['error', { default: 'disallow', policies }],
      // A folder that has no row above, and an import that leaves the house or does not exist.
      'boundaries/no-unknown-files': 'error',
      'boundaries/no-unknown-dependencies': 'error',
    },
  },
  {
    name: 'no platform',
    files: [
      'simulator/{manager,machine,scenario,command,terminal,shell}/**/*.ts',
      'simulator/{host/virtual,behaviour}/**/*.ts',
    ],
    rules: {
      'no-restricted-imports': ['error', { patterns: [nodeModules] }],
      'no-restricted-globals': ['error', ...platformGlobals],
    },
  },
  {
    name: 'pure',
    files: ['simulator/{manager,machine,scenario}/**/*.ts'],
    rules: {
      'no-restricted-imports': ['error', { patterns: [packages] }],
    },
  },
  {
    name: 'no clock, no chance',
    files: ['simulator/{manager,machine,scenario}/**/*.ts', 'simulator/host/virtual/**/*.ts'],
    rules: {
      'no-restricted-properties': ['error', ...clock],
      'no-restricted-syntax': ['error', today],
    },
  },
)
