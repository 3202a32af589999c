import { X509Certificate } from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import { homedir, hostname, userInfo } from 'node:os'
import { join } from 'node:path'
import type { CertificatePair } from './make.ts'
import { writePair } from './files.ts'

/** How long an authority is valid, and how long before its end it is replaced, in days. */
const GOOD_FOR = 3650
const REPLACED_BEFORE = 400
const DAY_MS = 24 * 60 * 60 * 1000

/** The certificate authority of this user. */
export interface Authority extends CertificatePair {
  /** The path of its certificate, which clients must trust. */
  readonly file: string
  readonly keyFile: string
  /** It was just made. */
  readonly isNew: boolean
}

/** Reads the authority of this user, or makes one. Only this user can read its key. */
export async function authority(env: NodeJS.ProcessEnv = process.env): Promise<Authority> {
  const folder = folderOf(env)
  const place = { file: join(folder, 'authority.pem'), keyFile: join(folder, 'authority-key.pem') }
  const found = read(place)
  if (found !== undefined) return { ...found, ...place, isNew: false }
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const { makeAuthority } = await import('./make.ts')
  const made = await makeAuthority(
    `server-workers ${userInfo().username}@${hostname()}`.slice(0, 64),
    GOOD_FOR,
  )
  writePair(made, { certificate: place.file, key: place.keyFile })
  return { ...made, ...place, isNew: true }
}

/** Both files, if they exist, belong together, and are valid for longer than what is signed with them. */
function read({ file, keyFile }: { file: string; keyFile: string }): CertificatePair | undefined {
  try {
    const pair = { certificate: readFileSync(file, 'utf8'), key: readFileSync(keyFile, 'utf8') }
    const ends = Date.parse(new X509Certificate(pair.certificate).validTo)
    return ends > Date.now() + REPLACED_BEFORE * DAY_MS ? pair : undefined
  } catch {
    return undefined
  }
}

/** The folder for a program's data of this user. */
function folderOf(env: NodeJS.ProcessEnv): string {
  if (env['XDG_DATA_HOME']) return join(env['XDG_DATA_HOME'], 'server-workers')
  const place = process.platform === 'darwin' ? ['Library', 'Application Support'] : ['.local', 'share']
  return join(homedir(), ...place, 'server-workers')
}
