import { createRequire } from 'node:module'

/**
 * What is used of `node:http`, here and in the bundled adapter. It is required, not imported: an import looks at every
 * export, and that of WebSocket loads a whole client library. On Node 26 it costs each worker 36 ms and 3 MB.
 */
const http = createRequire(import.meta.url)('node:http') as typeof import('node:http')

export const { createServer, ServerResponse, STATUS_CODES } = http
