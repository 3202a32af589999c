// A migration in three places: in the startup of every worker (each), behind a lock (lock), or before the start (none).
import { lock, migrate } from './migration.js'

const { MIGRATE, DATABASE } = process.env

export const app = {
  async startup() {
    if (MIGRATE === 'each') await migrate(DATABASE)
    if (MIGRATE === 'lock') await lock(DATABASE, () => migrate(DATABASE))
  },
  fetch: () => new Response(String(process.pid)),
}
