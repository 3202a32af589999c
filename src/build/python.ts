/**
 * Publishes the files of CPython (Pyodide) under `python/<version>/`: the page loads them from there when a reader asks for Python.
 */
import { copyFileSync, createReadStream, mkdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AstroIntegration } from 'astro'

const FOLDER = 'node_modules/pyodide'
const FILES = ['pyodide.asm.wasm', 'pyodide.asm.mjs', 'python_stdlib.zip']

/** The installed version, e.g. `314.0.7`. @throws Error when it is not installed */
function installed(): string {
  return (JSON.parse(readFileSync(join(FOLDER, 'package.json'), 'utf8')) as { version: string }).version
}

/** The Astro integration: copies the files into the built site, and serves them in `npm run dev`. */
export function pythonFiles(): AstroIntegration {
  return {
    name: 'python-files',
    hooks: {
      'astro:server:setup': ({ server }) => {
        server.middlewares.use((request, response, next) => {
          const [path = ''] = (request.url ?? '').split('?')
          const file = FILES.find((name) => path.endsWith(`/python/${installed()}/${name}`))
          if (file === undefined) return next()
          createReadStream(join(FOLDER, basename(file))).pipe(response)
        })
      },
      'astro:build:done': ({ dir }) => {
        const folder = join(fileURLToPath(dir), 'python', installed())
        mkdirSync(folder, { recursive: true })
        for (const name of FILES) copyFileSync(join(FOLDER, name), join(folder, name))
      },
    },
  }
}
