/** An application that redirects with a full address, as FastAPI does when a slash is missing. */
export const itemsJs = `// /items is /items/: the redirect names the address that the application believes it has.
export const app = {
  fetch(request) {
    const { origin, pathname } = new URL(request.url)
    if (pathname !== '/items') return Response.json({ pid: process.pid, url: request.url })
    const location = origin + '/items/'
    return Response.json({ location }, { status: 307, headers: { location } })
  },
}
`
