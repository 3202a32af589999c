import { chmodSync, lstatSync, unlinkSync } from 'node:fs'

/** Everybody may connect, as the originals have it. */
const MODE = 0o666

/** Removes a socket's file, if there is one. Only a socket is ever removed: a file of the same name is somebody's. */
export function removeSocketFile(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSocket() === true) unlinkSync(path)
}

/** Lets everybody connect to a socket. */
export function openSocketFile(path: string): void {
  chmodSync(path, MODE)
}
