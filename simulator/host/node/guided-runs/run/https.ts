import { X509Certificate } from 'node:crypto'
import { connect, type SecureContextOptions } from 'node:tls'
import { once } from 'node:events'
import { ask, load, read, type HttpAnswer, failed } from '../parts/ask.ts'
import type { Guide } from '../parts/guide.ts'
import { https } from '../parts/http.ts'
import { Proxy } from '../parts/proxy.ts'
import { Server } from '../parts/server.ts'

const NAME = 'api.example.test'
const DAYS = 90
const LOAD_MS = 3000
const CLIENTS = 4

/** A proxy that terminates TLS in front of the workers, and a certificate that is replaced under load. */
export async function httpsLab(guide: Guide): Promise<void> {
  const words = guide.words.https
  const { makeAuthority, makeCertificate } = await import('../../certificates/make.ts')
  const certificate = () => makeCertificate(authority, [{ kind: 'dns', text: NAME }], DAYS, 'server')
  guide.title(words.title)
  guide.say(words.intro, { name: NAME })
  const authority = await makeAuthority('server-workers lab', DAYS)
  const first = await certificate()
  const server = await Server.start(guide, { app: 'scheme:app', workers: 2, options: ['--no-access-log'] })
  guide.gap()
  const proxy = await Proxy.start(server.port, pems(first))
  guide.onEnd(() => proxy.stop())
  guide.say(words.proxy, { proxy: proxy.port, server: server.port })

  const shake = await handshake(proxy.port, authority.certificate)
  guide.table(words.handshake.head, [
    [words.handshake.sni, NAME],
    [words.handshake.protocol, shake.protocol],
    [words.handshake.cipher, shake.cipher],
    [words.handshake.subject, shake.certificate.subject.replaceAll('\n', ', ')],
    [words.handshake.issuer, shake.certificate.issuer.replaceAll('\n', ', ')],
    [words.handshake.until, shake.certificate.validTo],
  ])
  guide.say(words.handshake.explained)

  const trust = await guide.predict(words.trust.question, words.trust.choices)
  const stranger = await askProxy(proxy.port, undefined)
  guide.command(`curl https://${NAME}:${proxy.port}/`)
  guide.fact(shown(stranger))
  guide.gap()
  guide.reveal(trust, stranger.status === undefined ? 1 : 0)
  guide.say(words.trust.explained)

  const scheme = await guide.predict(words.scheme.question, words.scheme.choices)
  const trusting = await askProxy(proxy.port, authority.certificate)
  await server.stop()
  guide.fact(shown(trusting))
  guide.gap()
  const wary = await Server.start(guide, {
    app: 'scheme:app',
    workers: 2,
    options: ['--no-access-log', '--no-proxy-headers'],
    quiet: true,
  })
  proxy.forwardTo(wary.port)
  const distrusting = await askProxy(proxy.port, authority.certificate)
  guide.fact(shown(distrusting))
  guide.gap()
  guide.reveal(scheme, 2)
  guide.say(words.scheme.explained)

  const lossless = await guide.predict(words.renewal.question, words.renewal.choices)
  const second = await certificate()
  const serials = new Set<string>()
  const renewed = setTimeout(() => proxy.renew(pems(second)), LOAD_MS / 2)
  guide.onEnd(() => clearTimeout(renewed))
  const answers = await load(CLIENTS, LOAD_MS, () =>
    askProxy(proxy.port, authority.certificate, (serial) => serials.add(serial)),
  )
  const lost = answers.filter(({ status }) => status !== 200).length
  guide.table(words.renewal.head, [
    [String(answers.length - lost), String(lost), [...serials].map((serial) => serial.slice(-8)).join(' → ')],
  ])
  guide.reveal(lossless, lost === 0 ? 0 : 1)
  guide.say(words.renewal.explained)
  // Directly, without the proxy: the workers still speak plain HTTP.
  guide.command(`curl http://127.0.0.1:${wary.port}/`)
  guide.fact(shown(await ask(wary.port)))
  guide.gap()
  guide.say(words.end)
  await wary.stop()
}

function pems({ certificate, key }: { certificate: string; key: string }): SecureContextOptions {
  return { cert: certificate, key }
}

async function handshake(port: number, ca: string) {
  const socket = connect({ host: '127.0.0.1', port, servername: NAME, ca })
  await once(socket, 'secureConnect')
  const { raw } = socket.getPeerCertificate()
  const facts = {
    protocol: socket.getProtocol() ?? '',
    cipher: socket.getCipher().standardName,
    certificate: new X509Certificate(raw),
  }
  socket.destroy()
  return facts
}

/** Sends a request through the proxy, on a connection of its own; `ca`: an authority that the client trusts in addition. */
function askProxy(
  port: number,
  ca: string | undefined,
  onSerial?: (serial: string) => void,
): Promise<HttpAnswer> {
  return new Promise((resolve) => {
    const request = https().get(
      { host: '127.0.0.1', port, path: '/', servername: NAME, headers: { host: NAME }, agent: false, ca },
      (response) => {
        const socket = response.socket as import('node:tls').TLSSocket
        onSerial?.(socket.getPeerCertificate().serialNumber)
        void read(response).then(resolve)
      },
    )
    request.once('error', (error: NodeJS.ErrnoException) => resolve(failed(error)))
  })
}

function shown(answer: HttpAnswer): string {
  return answer.status === undefined ? answer.error : answer.text
}
