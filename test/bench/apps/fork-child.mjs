// Required, not imported: an import looks at every export, and that of WebSocket loads a whole client library.
import { createRequire } from 'node:module'

createRequire(import.meta.url)('node:http')
  .createServer()
  .listen(0, '127.0.0.1')
process.on('message', () => undefined)
