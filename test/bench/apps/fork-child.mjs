// Required: see simulator/host/node/worker/http.ts.
import { createRequire } from 'node:module'

createRequire(import.meta.url)('node:http')
  .createServer()
  .listen(0, '127.0.0.1')
process.on('message', () => undefined)
