// What the runner is compared with: one process of plain node:http. `plain.mjs PORT fetch|listener`
import { createRequire } from 'node:module'
import { app, listener } from './main.mjs'

// Required, not imported: an import looks at every export, and that of WebSocket loads a whole client library.
const { createServer } = createRequire(import.meta.url)('node:http')
const [, , port, shape] = process.argv
const { getRequestListener } = shape === 'fetch' ? await import('@hono/node-server') : {}
createServer(getRequestListener?.(app.fetch) ?? listener).listen(Number(port), '127.0.0.1')
