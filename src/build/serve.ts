/**
 * Serves the built guide as a static host would. `npm start` is this with `--build`.
 * PORT changes the port (4321), BASE is the path that it is built for, OUT_DIR the folder (dist/site).
 */
import { spawn } from 'node:child_process'
import { createServer } from 'node:http'
import { createReadStream, existsSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { extname, join, normalize, resolve, sep } from 'node:path'
import { pipeline } from 'node:stream'
import { promisify } from 'node:util'
import { brotliCompress, constants } from 'node:zlib'
import { endWithNpm } from './end-with-npm.ts'

const types: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.xml': 'application/xml',
}

/** What static hosts compress as well. */
const COMPRESSED = /^text\/|javascript|json|xml|svg|wasm/
const QUALITY = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }
const compress = promisify(brotliCompress)

const host = '127.0.0.1'
const root = resolve(process.env.OUT_DIR || 'dist/site')
const base = `/${(process.env.BASE ?? '').replace(/^\/+|\/+$/g, '')}/`.replace('//', '/')

/** One line to the reader, and out. */
function fail(message: string): never {
  console.error(message)
  process.exit(1)
}

/** The port asked for. @throws nothing: a port that is none ends the program with a message. */
function portFromEnvironment(): number {
  const text = process.env.PORT || '4321'
  const port = Number(text)
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    fail(`PORT must be a whole number from 0 to 65535, but it is "${text}". Try: PORT=4322 npm start`)
  }
  return port
}

/** The file that answers `path`, or where the browser must go instead, or nothing. */
function find(path: string): { file: string } | { location: string } | undefined {
  if (`${path}/` === base) return { location: base }
  if (!path.startsWith(base)) return undefined
  const file = normalize(join(root, path.slice(base.length)))
  if (file !== root && !file.startsWith(root + sep)) return undefined
  if (!existsSync(file)) return undefined
  if (!statSync(file).isDirectory()) return { file }
  if (!path.endsWith('/')) return { location: `${path}/` }
  const index = join(file, 'index.html')
  return existsSync(index) ? { file: index } : undefined
}

/** What was compressed, by file, with the time of its text: a browser that keeps the guide asks for all of it. */
const compressed = new Map<string, { readonly mtime: number; readonly body: Promise<Buffer> }>()

/** The file compressed, once for each of its versions. */
function packed(file: string): Promise<Buffer> {
  const mtime = statSync(file).mtimeMs
  const known = compressed.get(file)
  if (known?.mtime === mtime) return known.body
  const body = readFile(file).then((text) => compress(text, QUALITY))
  compressed.set(file, { mtime, body })
  return body
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

/** Runs `astro build` with its output shown; ends the program when it fails. */
async function build(): Promise<void> {
  const astro = spawn('astro', ['build'], { stdio: 'inherit' })
  const stop = () => astro.kill()
  process.once('exit', stop)
  const code = await new Promise<number | null>((done, failed) => {
    astro.once('exit', done)
    astro.once('error', failed)
  }).catch(() => fail('astro was not found. Try: npm ci && npm start'))
  process.off('exit', stop)
  if (code !== 0) fail('The guide could not be built: see the lines above.')
}

/** Nothing is served before the build has ended. */
let built = false

const server = createServer((request, response) => {
  if (!built) {
    response.writeHead(503, { 'retry-after': '5' }).end('The guide is being built.\n')
    return
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { allow: 'GET, HEAD' }).end()
    return
  }
  const [path = '/', query] = (request.url ?? '/').split('?', 2)
  const found = find(decode(path))
  if (found && 'location' in found) {
    response.writeHead(301, { location: query ? `${found.location}?${query}` : found.location }).end()
    return
  }
  const file = found?.file ?? join(root, '404.html')
  if (!existsSync(file)) {
    response.writeHead(404).end()
    return
  }
  const type = types[extname(file)] ?? 'application/octet-stream'
  const packs = COMPRESSED.test(type) && /\bbr\b/.test(String(request.headers['accept-encoding'] ?? ''))
  response.writeHead(found ? 200 : 404, {
    'content-type': type,
    'cache-control': 'no-cache',
    vary: 'accept-encoding',
    ...(packs ? { 'content-encoding': 'br' } : { 'content-length': statSync(file).size }),
  })
  if (request.method === 'HEAD') return void response.end()
  const failed = (error: Error | null): void => {
    if (error !== null) response.destroy(error)
  }
  if (packs) packed(file).then((body) => response.end(body), failed)
  else pipeline(createReadStream(file), response, failed)
})

const port = portFromEnvironment()
server.once('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EADDRINUSE') {
    fail(
      `Port ${port} is already in use. Stop the program that uses it, or take another: PORT=${port + 1} npm start`,
    )
  }
  if (error.code === 'EACCES') {
    fail(`Port ${port} may not be opened by this user. Take another: PORT=4321 npm start`)
  }
  fail(`The guide cannot be served on port ${port}: ${error.message}`)
})

endWithNpm()
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => process.exit(0))
}

/** Builds if asked to, then serves. */
async function open(): Promise<void> {
  if (process.argv.includes('--build')) await build()
  if (!existsSync(join(root, 'index.html'))) fail(`There is no built guide in ${root}. Try: npm run build`)
  built = true
  const address = server.address()
  const real = typeof address === 'object' && address ? address.port : port
  console.log(`Server Workers is at http://${host}:${real}${base} (Ctrl+C stops it)`)
}

// The port is taken first: that it is not free is better known before the build than after it.
server.listen(port, host, () => void open())
