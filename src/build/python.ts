/**
 * Publishes the files of CPython (Pyodide) under `python/<version>/`, and FastAPI itself where it can be had: the page loads them from
 * there when a reader asks for Python.
 */
import { copyFileSync, createReadStream, mkdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AstroIntegration } from 'astro'
import { pythonPackages, type PythonPackages } from './python-packages.ts'
import { siteNotices } from './site-notices.ts'

const FOLDER = 'node_modules/pyodide'
const FILES = ['pyodide.asm.wasm', 'pyodide.asm.mjs', 'python_stdlib.zip']

/** The installed version, e.g. `314.0.7`. @throws Error when it is not installed */
function installed(): string {
  return (JSON.parse(readFileSync(join(FOLDER, 'package.json'), 'utf8')) as { version: string }).version
}

/** The Astro integration: copies the files into the built site, and serves them in `npm run dev`. */
export function pythonFiles(): AstroIntegration {
  let packages: PythonPackages | undefined
  return {
    name: 'python-files',
    hooks: {
      'astro:config:setup': async ({ command, logger, updateConfig }) => {
        if (command !== 'build' && command !== 'dev') return
        try {
          packages = await pythonPackages()
        } catch (error) {
          logger.warn(
            `FastAPI could not be fetched by pip, so the Python in the page gets a subset of it. ${firstLine(error)}`,
          )
        }
        const told = packages && { file: packages.file, bytes: packages.bytes, fastapi: packages.fastapi }
        updateConfig({
          vite: { define: { 'import.meta.env.PYTHON_PACKAGES': JSON.stringify(told ?? null) } },
        })
      },
      'astro:server:setup': ({ server }) => {
        server.middlewares.use((request, response, next) => {
          const [path = ''] = (request.url ?? '').split('?')
          const asked = [...FILES.map((name) => join(FOLDER, name)), ...(packages ? [packages.path] : [])]
          const file = asked.find((each) => path.endsWith(`/python/${installed()}/${basename(each)}`))
          if (file === undefined) return next()
          createReadStream(file).pipe(response)
        })
      },
      'astro:build:done': ({ dir }) => {
        const folder = join(fileURLToPath(dir), 'python', installed())
        mkdirSync(folder, { recursive: true })
        for (const name of FILES) copyFileSync(join(FOLDER, name), join(folder, name))
        if (packages === undefined) return
        copyFileSync(packages.path, join(folder, packages.file))
        for (const [name, text] of Object.entries(packages.licences)) siteNotices.notices.addText(name, text)
      },
    },
  }
}

function firstLine(error: unknown): string {
  const { stderr, message } = error as { readonly stderr?: string; readonly message: string }
  return (stderr?.trim() || message).split('\n')[0] ?? ''
}
