import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/**
 * The guide as it was built, on a port of its own.
 * @throws Error when it has not been built.
 */
export async function serveGuide(): Promise<{ address: string; stop: () => Promise<void> }> {
  const server = spawn(process.execPath, ['src/build/serve.ts'], {
    env: { ...process.env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  for await (const line of createInterface({ input: server.stdout })) {
    const [found] = /http:\/\/\S+/.exec(line) ?? []
    if (found === undefined) continue
    return {
      address: found,
      stop: async () => {
        const gone = once(server, 'exit')
        server.kill()
        await gone
      },
    }
  }
  throw new Error('The guide is not served: build it first (npm run build).')
}
