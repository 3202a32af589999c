import { chmodSync, mkdirSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { dirname, join } from 'node:path'
import { removeSocketFile } from '../system/socket-file.ts'

/** The user's own: nobody else may connect. */
const FOLDER_MODE = 0o700
const FILE_MODE = 0o600

/**
 * The control socket of gunicorn 26.1.0, in a folder of the user's own. It is really there, but nobody here speaks the language of
 * `gunicornc`: who connects is let go at once.
 */
export class ControlSocket {
  readonly #path = join(process.env['HOME'] ?? homeFolder(), '.gunicorn', 'gunicorn.ctl')
  #server: Server | undefined

  /** Opens it, anew when it is open. `done` gets its path, or nothing where it could not be opened: the server is none the worse. */
  open(done: (path?: string) => void): void {
    this.close()
    const server = createServer((client) => client.destroy())
    this.#server = server
    server.once('error', () => done())
    try {
      mkdirSync(dirname(this.#path), { recursive: true, mode: FOLDER_MODE })
      removeSocketFile(this.#path)
    } catch {
      // What is in the way shows when it listens.
    }
    server.listen(this.#path, () => {
      chmodSync(this.#path, FILE_MODE)
      done(this.#path)
    })
    // It is no reason for this process to go on.
    server.unref()
  }

  /** Closes it; its file goes. */
  close(): void {
    this.#server?.close()
    this.#server = undefined
  }
}

/** Asked for here: hardly any process has no `HOME`. */
function homeFolder(): string {
  return process.getBuiltinModule('node:os').homedir()
}
