// Who listens on /events hears what others say on /say?text=…: if both are with the same worker.
const listeners = new Set()
const encoder = new TextEncoder()

function listen() {
  let listener
  const body = new ReadableStream({
    start(controller) {
      listener = controller
      listeners.add(controller)
      controller.enqueue(encoder.encode(`with ${process.pid}\n`))
    },
    cancel: () => listeners.delete(listener),
  })
  return new Response(body, { headers: { 'content-type': 'text/plain' } })
}

export const app = {
  fetch(request) {
    const { pathname, searchParams } = new URL(request.url)
    if (pathname === '/events') return listen()
    const text = searchParams.get('text') ?? 'hello'
    for (const listener of listeners) listener.enqueue(encoder.encode(`${text}\n`))
    return Response.json({ heard: listeners.size, pid: process.pid })
  },
}
