// Computes for 300 ms and listens to nobody meanwhile.
import { compute } from 'server-workers/lab'

export const app = {
  fetch() {
    compute(300)
    return Response.json({ computed: true, pid: process.pid })
  },
}
