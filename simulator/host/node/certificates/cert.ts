import { X509Certificate } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Failure } from '../output/failure.ts'
import { fill } from '../output/language.ts'
import { commandAsTyped } from '../cli/command-as-typed.ts'
import { write } from '../output/write.ts'
import { authority } from './authority.ts'
import { writePair, type CertificatePaths } from './files.ts'
import type { CertificatePurpose } from './make.ts'
import { CLIENT_NAME, fileName, LOCAL_NAMES, readName, type HostName } from './names.ts'
import { howToTrust } from './trust.ts'
import { certificateWords, type CertificateWords } from './words.ts'

/** Apple's limit for certificates of a private authority, the strictest of all, in days. */
const MOST_DAYS = 825
const USAGE_ERROR = 2

/**
 * `server-workers cert [names…]`: makes a certificate for HTTPS on this machine, or with `--client` one for clients, and explains how to
 * use it and how to trust it.
 * @throws Failure when the arguments are wrong, or a file cannot be written.
 */
export async function cert(typed: readonly string[]): Promise<void> {
  const words = certificateWords()
  const { names, days, out, help, purpose } = read(typed, words)
  if (help) return print(words.usage)
  const signer = await authority().catch((error: unknown) => refuse(error, words))
  const [first] = names
  if (first === undefined) throw new Error('a certificate needs a name')
  const places = {
    certificate: join(out, `${fileName(first)}.pem`),
    key: join(out, `${fileName(first)}-key.pem`),
  }
  refuseOthers(places, signer.certificate, words)
  const { makeCertificate } = await import('./make.ts')
  const made = await makeCertificate(signer, names, days, purpose)
  try {
    mkdirSync(out, { recursive: true })
    writePair(made, places)
  } catch (error) {
    refuse(error, words)
  }
  // In OpenSSL's format; Node 20 has no date for it.
  const until = new Date(new X509Certificate(made.certificate).validTo).toISOString().slice(0, 10)
  const sentence = (text: string) =>
    fill(text, {
      command: commandAsTyped(),
      file: signer.file,
      keyFile: signer.keyFile,
      names: names.map(({ text: name }) => name).join(', '),
      until,
    })
  const how =
    purpose === 'client'
      ? [
          sentence(words.demand),
          `  ${commandAsTyped()} uvicorn main:app --port 8443 --ssl-keyfile localhost-key.pem --ssl-certfile localhost.pem --ssl-ca-certs ${signer.file} --ssl-cert-reqs 2`,
          sentence(words.show),
          `  curl --cacert ${signer.file} --cert ${places.certificate} --key ${places.key} https://localhost:8443/`,
        ]
      : [
          sentence(words.serve),
          `  ${commandAsTyped()} uvicorn main:app --port 8443 --ssl-keyfile ${places.key} --ssl-certfile ${places.certificate}`,
          sentence(words.renew),
          '',
          sentence(words.untrusted),
          ...howToTrust(words, signer.file),
        ]
  print([
    sentence(signer.isNew ? words.newAuthority : words.oldAuthority),
    sentence(words.made),
    `  ${places.certificate}`,
    `  ${places.key}`,
    ...how,
    '',
    sentence(words.secret),
  ])
}

interface CertArguments {
  readonly names: readonly HostName[]
  readonly days: number
  readonly out: string
  readonly purpose: CertificatePurpose
  readonly help: boolean
}

function read(typed: readonly string[], words: CertificateWords): CertArguments {
  const { values, positionals } = parse(typed, words)
  const { days, out, client, help } = values
  if (!/^\d+$/.test(days) || Number(days) < 1 || Number(days) > MOST_DAYS) {
    throw new Failure(fill(words.badDays, { days }), USAGE_ERROR)
  }
  const names = (positionals.length > 0 ? positionals : client ? [CLIENT_NAME] : LOCAL_NAMES).map((name) => {
    const host = /^https?:\/\/([^/:]+)/.exec(name)?.[1]
    if (host !== undefined) throw new Failure(fill(words.urlName, { name, host }), USAGE_ERROR)
    const found = readName(name)
    if (found === undefined) throw new Failure(fill(words.badName, { name }), USAGE_ERROR)
    return found
  })
  return { names, days: Number(days), out, purpose: client ? 'client' : 'server', help }
}

function parse(typed: readonly string[], words: CertificateWords) {
  try {
    return parseArgs({
      args: [...typed],
      allowPositionals: true,
      options: {
        days: { type: 'string', default: '90' },
        out: { type: 'string', default: '.' },
        client: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
  } catch (error) {
    // The first sentence of Node's message says what is wrong; the others are about its own options.
    const [problem = ''] = (error as Error).message.split('. ')
    throw new Failure(
      fill(words.badOption, { problem: `${problem}.`, command: commandAsTyped() }),
      USAGE_ERROR,
    )
  }
}

/** Refuses to overwrite certificates and keys that this command did not make. */
function refuseOthers(places: CertificatePaths, signer: string, words: CertificateWords): void {
  const { certificate, key } = places
  if (existsSync(certificate) && !isSignedBy(certificate, signer)) {
    throw new Failure(fill(words.notOurs, { file: certificate }))
  }
  if (existsSync(key) && !existsSync(certificate)) throw new Failure(fill(words.notOurs, { file: key }))
}

function isSignedBy(file: string, signer: string): boolean {
  try {
    return new X509Certificate(readFileSync(file)).verify(new X509Certificate(signer).publicKey)
  } catch {
    return false
  }
}

function refuse(error: unknown, words: CertificateWords): never {
  const { code = String(error), path: file = '' } = error as NodeJS.ErrnoException
  throw new Failure(fill(words.cannotWrite, { file, code }))
}

function print(lines: readonly string[]): void {
  write('stdout', lines.map((line) => `${fill(line, { command: commandAsTyped() })}\n`).join(''))
}
