import type { Certificate, Verdict } from './api.ts'

/** The authority that clients of this machine know, and that gives certificates away. */
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

/** The certificate that a server shows for a name: by SNI, and for a name that it does not know the first that it has. */
export function choose(
  certificates: readonly Certificate[],
  serverName: string | undefined,
): Certificate | undefined {
  const named = certificates.filter((each) => serverName !== undefined && covers(each, serverName))
  return named.toSorted((a, b) => b.notAfter - a.notAfter)[0] ?? certificates[0]
}

/** What a client thinks of a certificate at a calendar time. */
export function judge(certificate: Certificate, name: string, at: number): Verdict {
  if (certificate.issuer !== AUTHORITY) return 'unknown-issuer'
  if (at >= certificate.notAfter) return 'expired'
  if (at < certificate.notBefore) return 'not-yet-valid'
  return covers(certificate, name) ? 'good' : 'wrong-name'
}

/** When a proxy renews by itself: a third of the life is left. */
export function renewalOf({ notBefore, notAfter }: Certificate): number {
  return notAfter - (notAfter - notBefore) / 3
}
