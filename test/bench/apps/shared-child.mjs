// A process that accepts on the socket that it got.
import { createRequire } from 'node:module'
import { listener } from './main.mjs'

// Required, not imported: an import looks at every export, and that of WebSocket loads a whole client library.
createRequire(import.meta.url)('node:http')
  .createServer(listener)
  .listen({ fd: 3, backlog: 2048 })
