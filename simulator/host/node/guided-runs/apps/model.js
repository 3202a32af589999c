// A model that is loaded when the application is imported, as large as MODEL_MB says.
import { allocate } from 'server-workers/lab'

allocate(Number(process.env.MODEL_MB) * 2 ** 20)

export const app = () => new Response(String(process.pid))
