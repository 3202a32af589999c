// `throng.mjs WORKERS`, with PORT and the place of the package in the environment.
import { createRequire } from 'node:module'

const throng = createRequire(process.env.PEERS)('throng')
await throng({ workers: Number(process.argv[2]), worker: () => import('./serve.mjs') })
