// A server on PORT as pm2 and throng start it, with the tidy end that their manuals ask for.
import { createServer } from 'node:http'
import { listener } from './main.mjs'

const server = createServer(listener).listen(Number(process.env.PORT), '127.0.0.1')
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => server.close(() => process.exit(0)))
