// One path never comes to an end: its worker lives and answers no request.
export const app = {
  fetch(request) {
    const { pathname } = new URL(request.url)
    while (pathname === '/hang');
    return Response.json({ pid: process.pid })
  },
}
