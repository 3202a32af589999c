import { chmodSync, lstatSync, unlinkSync } from 'node:fs'

/** Everyone may connect, as with the originals. */
const MODE = 0o666

/** Removes the file of a unix socket, if there is one. Only a socket is ever removed, never an ordinary file of the same name. */
export function removeSocketFile(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSocket() === true) unlinkSync(path)
}

/** Lets everyone connect to a unix socket. */
export function openSocketFile(path: string): void {
  chmodSync(path, MODE)
}
