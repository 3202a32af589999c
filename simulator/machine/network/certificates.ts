import type { Certificate, CertificateVerdict } from './api.ts'

/** The certificate authority that clients of this machine trust. */
export const AUTHORITY = "Let's Encrypt"

export const DAY = 86_400_000

/** Whether a certificate is for this name: `*` stands for the first label (RFC 9525). */
export function covers(certificate: Certificate, name: string): boolean {
  const wanted = name.toLowerCase()
  return certificate.names.some((each) => {
    const own = each.toLowerCase()
    if (own === wanted) return true
    return own.startsWith('*.') && wanted.includes('.') && wanted.slice(wanted.indexOf('.')) === own.slice(1)
  })
}

/** The certificate that a server sends for an SNI name; its first one when no certificate covers the name. */
export function chooseCertificate(
  certificates: readonly Certificate[],
  serverName: string | undefined,
): Certificate | undefined {
  const named = certificates.filter((each) => serverName !== undefined && covers(each, serverName))
  return named.toSorted((a, b) => b.notAfter - a.notAfter)[0] ?? certificates[0]
}

/** A client's check of a certificate at a calendar time (ms since 1970). */
export function checkCertificate(certificate: Certificate, name: string, at: number): CertificateVerdict {
  if (certificate.issuer !== AUTHORITY) return 'unknown-issuer'
  if (at >= certificate.notAfter) return 'expired'
  if (at < certificate.notBefore) return 'not-yet-valid'
  return covers(certificate, name) ? 'good' : 'wrong-name'
}

/** When an automatic proxy renews a certificate: when a third of its life is left (ms since 1970). */
export function renewalOf({ notBefore, notAfter }: Certificate): number {
  return notAfter - (notAfter - notBefore) / 3
}
