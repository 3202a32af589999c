// Computes for 300 ms and serves no other request meanwhile.
import { compute } from 'server-workers/lab'

export const app = {
  fetch() {
    compute(300)
    return Response.json({ computed: true, pid: process.pid })
  },
}
