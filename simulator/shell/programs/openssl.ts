import type { RequestEnd } from '../../machine/trace.ts'
import type { Certificate, TlsHandshake, CertificateVerdict } from '../../machine/network/api.ts'
import type { ProgramContext, ShellProgram } from '../program.ts'
import { opensslDate } from './curl-tls.ts'
import { readAll } from './text/input.ts'

/** OpenSSL 3.0's tool: `s_client -connect HOST:PORT -servername NAME`, and `x509 -noout -dates -subject -issuer` behind it in a pipe. */
export const openssl: ShellProgram = {
  name: 'openssl',
  run(call) {
    const [command, ...args] = call.args
    switch (command) {
      case 's_client':
        return connect(call, args)
      case 'x509':
        return x509(call, args)
      case 'version':
        call.out('OpenSSL 3.0.19 27 Jan 2026 (Library: OpenSSL 3.0.19 27 Jan 2026)\n')
        return 0
      default:
        call.note(call.words.commands['openssl'] ?? '')
        return 1
    }
  },
}

function connect(call: ProgramContext, args: readonly string[]): number | undefined {
  const value = (name: string): string | undefined => args[args.indexOf(name) + 1 || args.length]
  const target = value('-connect') ?? args.find((arg) => /^[^-].*:\d+$/.test(arg))
  const [host = '', port = '443'] = (target ?? '').split(':')
  if (host === '') {
    call.err('s_client: Use -help for summary.\n')
    return 1
  }
  const name = value('-servername') ?? host
  let seen = false
  call.request(
    {
      host: /^[\d.]+$/.test(host) && name !== host ? name : host,
      port: Number(port),
      method: 'HEAD',
      target: '/',
      headers: [['host', name]],
      secure: true,
      insecure: true,
    },
    {
      onConnect: ({ address }) => call.out(`CONNECTED(00000003)\n${address === host ? '' : ''}`),
      onTls: (tls) => {
        seen = true
        call.out(sight(tls))
        call.exit(0)
      },
      onEnd: (end) => {
        if (seen) return
        if (end === 'no-certificate' || end === 'not-tls') call.out(NO_HANDSHAKE)
        call.err(COMPLAINTS[end] ?? COMPLAINTS['not-tls'] ?? '')
        call.exit(1)
      },
    },
  )
  return undefined
}

/** What s_client says when TLS never began, and on its standard error why (OpenSSL 3.0.19). */
const NO_HANDSHAKE = `---
no peer certificate available
---
No client certificate CA names sent
---
SSL handshake has read 7 bytes and written 321 bytes
Verification: OK
---
New, (NONE), Cipher is (NONE)
Secure Renegotiation IS NOT supported
Compression: NONE
Expansion: NONE
No ALPN negotiated
Early data was not sent
Verify return code: 0 (ok)
---
`

const COMPLAINTS: Readonly<Partial<Record<RequestEnd, string>>> = {
  refused: 'connect:errno=111\n',
  'no-such-host': 'BIO_lookup_ex: Name or service not known\nconnect:errno=22\n',
  'no-certificate':
    '40D7BFBBB27F0000:error:0A000438:SSL routines:ssl3_read_bytes:tlsv1 alert internal error:../ssl/record/rec_layer_s3.c:1601:SSL alert number 80\n',
  'not-tls':
    '40578C005B7F0000:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:../ssl/record/ssl3_record.c:350:\n',
}

const RESULTS: Readonly<Record<CertificateVerdict, string>> = {
  good: '0 (ok)',
  // s_client does not look at names.
  'wrong-name': '0 (ok)',
  expired: '10 (certificate has expired)',
  'not-yet-valid': '9 (certificate is not yet valid)',
  'unknown-issuer': '18 (self-signed certificate)',
}

function sight({ certificate, verdict, cipher, version }: TlsHandshake): string {
  const subject = `CN = ${certificate.names[0] ?? ''}`
  return [
    '---',
    'Certificate chain',
    ` 0 s:${subject}`,
    `   i:CN = ${certificate.issuer}`,
    `   v:NotBefore: ${opensslDate(certificate.notBefore)}; NotAfter: ${opensslDate(certificate.notAfter)}`,
    '---',
    'Server certificate',
    '-----BEGIN CERTIFICATE-----',
    ...pem(certificate),
    '-----END CERTIFICATE-----',
    `subject=${subject}`,
    `issuer=CN = ${certificate.issuer}`,
    '---',
    `New, ${version}, Cipher is ${cipher}`,
    `Verify return code: ${RESULTS[verdict]}`,
    '---',
    '',
  ].join('\n')
}

/** The model has no keys and no signatures: what stands between the lines is its own certificate, in hexadecimal. */
function pem(certificate: Certificate): string[] {
  const hex = [...JSON.stringify(certificate)]
    .map((each) => each.charCodeAt(0).toString(16).padStart(2, '0'))
    .join('')
  return hex.match(/.{1,64}/g) ?? []
}

function x509(call: ProgramContext, args: readonly string[]): undefined {
  readAll(call, (text) => {
    const hex = /BEGIN CERTIFICATE-----\n([\s\S]*?)\n-----END/.exec(text)?.[1]?.replaceAll('\n', '')
    const certificate = hex === undefined ? undefined : parse(hex)
    if (certificate === undefined) {
      call.err('Could not read certificate from <stdin>\nUnable to load certificate\n')
      return call.exit(1)
    }
    for (const arg of args) {
      if (arg === '-dates' || arg === '-startdate')
        call.out(`notBefore=${opensslDate(certificate.notBefore)}\n`)
      if (arg === '-dates' || arg === '-enddate') call.out(`notAfter=${opensslDate(certificate.notAfter)}\n`)
      if (arg === '-subject') call.out(`subject=CN = ${certificate.names[0] ?? ''}\n`)
      if (arg === '-issuer') call.out(`issuer=CN = ${certificate.issuer}\n`)
      if (arg === '-serial') call.out(`serial=${certificate.serial}\n`)
    }
    if (args.includes('-checkend')) {
      const left = certificate.notAfter - (call.system.epoch + call.system.now)
      const enough = left > Number(args[args.indexOf('-checkend') + 1] ?? 0) * 1000
      call.out(`Certificate will ${enough ? 'not ' : ''}expire\n`)
      return call.exit(enough ? 0 : 1)
    }
    call.exit(0)
  })
}

function parse(hex: string): Certificate | undefined {
  try {
    const text = (hex.match(/../g) ?? []).map((each) => String.fromCharCode(parseInt(each, 16))).join('')
    return JSON.parse(text) as Certificate
  } catch {
    return undefined
  }
}
