// A calculation of 20 ms for each request.
import { compute } from 'server-workers/lab'

export const app = () => {
  compute(20)
  return new Response(String(process.pid))
}
