import { chmodSync, mkdirSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { dirname, join } from 'node:path'
import { removeSocketFile } from '../system/socket-file.ts'

/** Only this user may connect. */
const FOLDER_MODE = 0o700
const FILE_MODE = 0o600

/**
 * The control socket of gunicorn 26.1.0, in a folder of this user. It exists, but does not speak the protocol of `gunicornc`: it closes
 * every connection at once.
 */
export class ControlSocket {
  readonly #path = join(process.env['HOME'] ?? homeFolder(), '.gunicorn', 'gunicorn.ctl')
  #server: Server | undefined

  /** Opens it, or opens it again. `done` gets its path, or nothing when it could not be opened, which does not matter to the server. */
  open(done: (path?: string) => void): void {
    this.close()
    const server = createServer((client) => client.destroy())
    this.#server = server
    server.once('error', () => done())
    try {
      mkdirSync(dirname(this.#path), { recursive: true, mode: FOLDER_MODE })
      removeSocketFile(this.#path)
    } catch {
      // What is in the way shows as an error of listen.
    }
    server.listen(this.#path, () => {
      chmodSync(this.#path, FILE_MODE)
      done(this.#path)
    })
    // It does not keep this process alive.
    server.unref()
  }

  /** Closes it and removes its file. */
  close(): void {
    this.#server?.close()
    this.#server = undefined
  }
}

/** Read here: nearly every process has `HOME`. */
function homeFolder(): string {
  return process.getBuiltinModule('node:os').homedir()
}
