import type { Certificate, TlsHandshake, CertificateVerdict } from '../../machine/network/api.ts'

/** What `curl -v` (7.88.1 with OpenSSL 3.0) says of a TLS handshake, line by line. */
export function handshake(tls: TlsHandshake, host: string, insecure: boolean): string[] {
  const { certificate, verdict, cipher, version } = tls
  const opening = [
    ...hello(insecure),
    `* ${version} (IN), TLS handshake, Server hello (2):`,
    `* ${version} (IN), TLS handshake, Encrypted Extensions (8):`,
    `* ${version} (IN), TLS handshake, Certificate (11):`,
  ]
  const alert = ALERTS[verdict]
  // A wrong name is noticed last.
  if (alert !== undefined && !insecure) return [...opening, `* ${version} (OUT), TLS alert, ${alert}:`]
  return [
    ...opening,
    `* ${version} (IN), TLS handshake, CERT verify (15):`,
    `* ${version} (IN), TLS handshake, Finished (20):`,
    `* ${version} (OUT), TLS change cipher, Change cipher spec (1):`,
    `* ${version} (OUT), TLS handshake, Finished (20):`,
    `* SSL connection using ${version} / ${cipher}`,
    '* ALPN: server accepted http/1.1',
    '* Server certificate:',
    `*  subject: CN=${certificate.names[0] ?? ''}`,
    `*  start date: ${opensslDate(certificate.notBefore)}`,
    `*  expire date: ${opensslDate(certificate.notAfter)}`,
    ...named(certificate, verdict, host, insecure),
  ]
}

/** The client's first lines. */
function hello(insecure: boolean): string[] {
  const files = ['*  CAfile: /etc/ssl/certs/ca-certificates.crt', '*  CApath: /etc/ssl/certs']
  return [
    '* ALPN: offers h2,http/1.1',
    '* TLSv1.3 (OUT), TLS handshake, Client hello (1):',
    ...(insecure ? [] : files),
  ]
}

/** The lines of a handshake that the server does not answer (curl 7.88.1 with OpenSSL 3.0.19). */
export function brokenHandshake(end: 'no-certificate' | 'not-tls', insecure: boolean): string[] {
  const alert = end === 'no-certificate' ? ['* TLSv1.3 (IN), TLS alert, internal error (592):'] : []
  return [...hello(insecure), ...alert, `* ${noHandshake(end)}`]
}

/** curl's complaint about such a handshake (exit code 35). */
export function noHandshake(end: 'no-certificate' | 'not-tls'): string {
  const error =
    end === 'no-certificate'
      ? '0A000438:SSL routines::tlsv1 alert internal error'
      : '0A00010B:SSL routines::wrong version number'
  return `OpenSSL/3.0.19: error:${error}`
}

function named(
  certificate: Certificate,
  verdict: CertificateVerdict,
  host: string,
  insecure: boolean,
): string[] {
  const issuer = `*  issuer: CN=${certificate.issuer}`
  if (insecure) {
    const result = VERIFY[verdict]
    return [
      issuer,
      result === undefined
        ? '*  SSL certificate verify ok.'
        : `*  SSL certificate verify result: ${result}, continuing anyway.`,
      '* using HTTP/1.x',
    ]
  }
  if (verdict === 'wrong-name')
    return [
      `*  subjectAltName does not match ${host}`,
      `* SSL: no alternative certificate subject name matches target host name '${host}'`,
    ]
  const matched = certificate.names.find((name) => name === host) ?? `*.${host.split('.').slice(1).join('.')}`
  return [
    `*  subjectAltName: host "${host}" matched cert's "${matched}"`,
    issuer,
    '*  SSL certificate verify ok.',
    '* using HTTP/1.x',
  ]
}

const ALERTS: Readonly<Partial<Record<CertificateVerdict, string>>> = {
  expired: 'certificate expired (557)',
  'not-yet-valid': 'bad certificate (554)',
  'unknown-issuer': 'unknown CA (560)',
}

const VERIFY: Readonly<Partial<Record<CertificateVerdict, string>>> = {
  expired: 'certificate has expired (10)',
  'not-yet-valid': 'certificate is not yet valid (9)',
  'unknown-issuer': 'self-signed certificate (18)',
}

/** curl's complaint about a certificate (exit code 60). */
export function certificateProblem(verdict: CertificateVerdict | undefined, host: string): string {
  switch (verdict) {
    case 'expired':
      return 'SSL certificate problem: certificate has expired'
    case 'not-yet-valid':
      return 'SSL certificate problem: certificate is not yet valid'
    case 'wrong-name':
      return `SSL: no alternative certificate subject name matches target host name '${host}'`
    default:
      return 'SSL certificate problem: self-signed certificate'
  }
}

export const MORE_ABOUT_CERTIFICATES = `More details here: https://curl.se/docs/sslcerts.html

curl failed to verify the legitimacy of the server and therefore could not
establish a secure connection to it. To learn more about this situation and
how to fix it, please visit the web page mentioned above.
`

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `May  1 12:00:00 2024 GMT`. */
export function opensslDate(at: number): string {
  const date = new Date(at)
  const time = date.toISOString().slice(11, 19)
  return `${MONTHS[date.getUTCMonth()] ?? ''} ${String(date.getUTCDate()).padStart(2)} ${time} ${date.getUTCFullYear()} GMT`
}
