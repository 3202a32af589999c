/**
 * Serves the built guide as a static host would. `npm start` is this with `--build`.
 * PORT changes the port (4321), BASE is the path that it is built for, OUT_DIR the folder (dist/site).
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import { join, resolve } from 'node:path'
import { constants } from 'node:zlib'
import compression from 'compression'
import express, { type ErrorRequestHandler, type RequestHandler } from 'express'
import { endWithInput, endWithNpm } from './end-with-npm.ts'

const host = '127.0.0.1'
const root = resolve(process.env.OUT_DIR || 'dist/site')
const base = `/${(process.env.BASE ?? '').replace(/^\/+|\/+$/g, '')}/`.replace('//', '/')

/** Prints a message and exits with code 1. */
function fail(message: string): never {
  console.error(message)
  process.exit(1)
}

/** The port in `PORT` (4321); exits with a message when it is not a port. */
function portFromEnvironment(): number {
  const text = process.env.PORT || '4321'
  const port = Number(text)
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    fail(`PORT must be a whole number from 0 to 65535, but it is "${text}". Try: PORT=4322 npm start`)
  }
  return port
}

/** Runs `astro build` and shows its output; exits with a message when it fails. */
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

/** Whether the build has ended: until then every request gets a 503. */
let built = false

const whenBuilt: RequestHandler = (_request, response, next) => {
  if (built) next()
  else response.status(503).set('retry-after', '5').type('text').send('The guide is being built.\n')
}

/** Refuses what a static host refuses: methods other than GET and HEAD, and request targets that are no path. */
const onlyReads: RequestHandler = (request, response, next) => {
  if (request.method !== 'GET' && request.method !== 'HEAD')
    response.status(405).set('allow', 'GET, HEAD').end()
  else if (request.url.startsWith('/')) next()
  else response.status(400).end()
}

const notFound: RequestHandler = (_request, response, next) => {
  response
    .status(404)
    .sendFile(
      join(root, '404.html'),
      { acceptRanges: false, cacheControl: false },
      (error: Error | undefined) => {
        if (error === undefined || response.headersSent) return
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') response.end()
        else next(error)
      },
    )
}

/** No page has such a path, and a redirect to it could lead some browsers to another host: `//host`, `/\\host`, `/%2fhost`. */
const ODD = /\\|\/\/|%5c|%2f/i

const onlyPlain: RequestHandler = (request, response, next) => {
  if (ODD.test(request.path)) notFound(request, response, next)
  else next()
}

/** Answers a malformed request, or one for a file that cannot be read, with its status alone: no stack trace. */
const failed: ErrorRequestHandler = ({ status = 500 }: { status?: number }, _request, response, next) => {
  if (response.headersSent) next()
  else response.status(status).end()
}

const site = express()
site.disable('x-powered-by').enable('case sensitive routing').set('etag', false)
site.use(whenBuilt, onlyReads, onlyPlain)
site.use(
  compression({
    brotli: { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } },
    // A byte range is a range of the uncompressed file.
    filter: (request, response) =>
      request.headers.range === undefined && compression.filter(request, response),
  }),
)
// Browsers must revalidate each file: the site may have been built again.
site.use(
  base,
  express.static(root, { setHeaders: (response) => response.setHeader('cache-control', 'no-cache') }),
)
site.use(notFound, failed)

const server = createServer(site)

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
endWithInput()
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => process.exit(0))
}

/** Builds the site if `--build` was given, then begins to serve. */
async function open(): Promise<void> {
  if (process.argv.includes('--build')) await build()
  if (!existsSync(join(root, 'index.html'))) fail(`There is no built guide in ${root}. Try: npm run build`)
  built = true
  const address = server.address()
  const real = typeof address === 'object' && address ? address.port : port
  console.log(`Server Workers is at http://${host}:${real}${base} (Ctrl+C stops it)`)
}

// It listens before it builds: a port that is taken should be reported at once.
server.listen(port, host, () => void open())
