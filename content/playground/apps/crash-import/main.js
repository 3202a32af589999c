// Something is missing, and the import fails: no worker ever serves.
const url = process.env.DATABASE_URL
if (!url) throw new Error('DATABASE_URL is not set')

export const app = {
  fetch: () => Response.json({ database: url, pid: process.pid }),
}
