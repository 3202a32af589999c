// Keeps 4 MB of every request for good.
import { allocate } from 'server-workers/lab'

export const app = {
  fetch() {
    allocate(4_000_000)
    return Response.json({ kept: '4 MB', pid: process.pid })
  },
}
