import 'reflect-metadata'
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509'
import type { HostName } from './names.ts'

/** A certificate and its private key, in PEM. */
export interface CertificatePair {
  readonly certificate: string
  readonly key: string
}

const KEYS = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const DAY_MS = 24 * 60 * 60 * 1000

/** Clocks differ: a new certificate is valid from an hour ago. */
const HOUR_MS = 60 * 60 * 1000

/** Makes an authority that is valid for `days`. `name` is shown where certificates are managed. */
export async function makeAuthority(name: string, days: number): Promise<CertificatePair> {
  const keys = await crypto.subtle.generateKey(KEYS, true, ['sign', 'verify'])
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: [{ CN: [name] }, { O: ['server-workers'] }],
    keys,
    ...validFor(days),
    signingAlgorithm: KEYS,
    extensions: [
      // It signs certificates of servers and clients, but no further authorities.
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  return pair(certificate, keys.privateKey)
}

/** Who presents a certificate: a server, or a client. */
export type CertificatePurpose = 'server' | 'client'

const USAGES = { server: ExtendedKeyUsage.serverAuth, client: ExtendedKeyUsage.clientAuth } as const

/** Makes a certificate with these names, signed by the authority. */
export async function makeCertificate(
  authority: CertificatePair,
  names: readonly HostName[],
  days: number,
  purpose: CertificatePurpose,
): Promise<CertificatePair> {
  const issuer = new X509Certificate(authority.certificate)
  const [der] = PemConverter.decode(authority.key)
  if (der === undefined) throw new Error('the key of the authority is no PEM file')
  const signingKey = await crypto.subtle.importKey('pkcs8', der, KEYS, false, ['sign'])
  const keys = await crypto.subtle.generateKey(KEYS, true, ['sign', 'verify'])
  const extensions: Extension[] = [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    new ExtendedKeyUsageExtension([USAGES[purpose]]),
    new SubjectAlternativeNameExtension(names.map(({ kind, text }) => ({ type: kind, value: text }))),
    await SubjectKeyIdentifierExtension.create(keys.publicKey),
    await AuthorityKeyIdentifierExtension.create(issuer.publicKey),
  ]
  const certificate = await X509CertificateGenerator.create({
    subject: [{ CN: [names[0]?.text ?? ''] }],
    issuer: issuer.subjectName,
    publicKey: keys.publicKey,
    signingKey,
    ...validFor(days),
    signingAlgorithm: KEYS,
    extensions,
  })
  return pair(certificate, keys.privateKey)
}

function validFor(days: number): { notBefore: Date; notAfter: Date } {
  const now = Date.now()
  return { notBefore: new Date(now - HOUR_MS), notAfter: new Date(now + days * DAY_MS) }
}

async function pair(certificate: X509Certificate, privateKey: CryptoKey): Promise<CertificatePair> {
  const key = PemConverter.encode(await crypto.subtle.exportKey('pkcs8', privateKey), 'PRIVATE KEY')
  return { certificate: `${certificate.toString('pem')}\n`, key: `${key}\n` }
}
