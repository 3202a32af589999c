// Loads a model of 500 MB when the module is imported: every worker loads its own.
import { allocate, compute } from 'server-workers/lab'

compute(1500)
allocate(500_000_000)

export const app = {
  fetch() {
    compute(40)
    return Response.json({ label: 'cat', pid: process.pid })
  },
}
