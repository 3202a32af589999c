import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

/** Prints every message that comes to a datagram socket, as an init system hears it. */
const LISTENER = `import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
print('listens', flush=True)
while True:
    text = s.recv(4096).decode().replace('\\n', ' ')
    # Who asks whether it was heard has passed a descriptor along, and sees it closed: Python does so.
    if text != 'BARRIER=1': print(text, flush=True)`

/** Runs a command on sockets that it is passed, as systemd does: from descriptor 3 on, with LISTEN_PID its own. */
export const PASSES_SOCKETS = `import os, socket, sys
sockets = []
for address in sys.argv[1].split(','):
    if address.startswith('/'):
        s = socket.socket(socket.AF_UNIX); s.bind(address)
    else:
        s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(('127.0.0.1', int(address)))
    s.listen(16)
    sockets.append(os.dup(s.fileno()))
for i, fd in enumerate(sockets): os.dup2(fd, 100 + i)
for i in range(len(sockets)): os.dup2(100 + i, 3 + i); os.set_inheritable(3 + i, True); os.close(100 + i)
os.environ['LISTEN_PID'] = str(os.getpid()); os.environ['LISTEN_FDS'] = str(len(sockets))
os.execvp(sys.argv[2], sys.argv[2:])`

/** What an init system hears. */
export interface InitSystem {
  readonly socket: string
  /** What was said so far. */
  readonly heard: readonly string[]
  readonly close: () => void
}

/** An init system's ear. */
export async function hearAsInit(folder: string): Promise<InitSystem> {
  const socket = join(folder, 'notify')
  const heard: string[] = []
  const ear = spawn('python3', ['-c', LISTENER, socket], { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  ear.stdout.setEncoding('utf8').on('data', (piece: string) => {
    text += piece
    const lines = text.split('\n')
    text = lines.pop() ?? ''
    heard.push(...lines)
  })
  await once(ear.stdout, 'data')
  heard.length = 0
  return { socket, heard, close: () => void ear.kill('SIGKILL') }
}
