import type { ProgramContext, ShellProgram } from '../program.ts'
import { today } from './time.ts'

const RESOLVER = '127.0.0.53'
/** How long the name server takes, in ms. */
const ANSWER = 12

/** An address as such stands for itself. */
function lookUp(call: ProgramContext, name: string): string | undefined {
  return /^[\d.]+$/.test(name) ? name : call.system.dns.resolve(name.replace(/\.$/, ''))
}

function firstName(call: ProgramContext): string | undefined {
  return call.args.find((arg) => !/^[-+@]/.test(arg) && !/^(A|AAAA|MX|TXT|NS|ANY|IN)$/.test(arg))
}

/** BIND 9.18's dig: an A record; `+short` alone. */
export const dig: ShellProgram = {
  name: 'dig',
  run(call) {
    const name = firstName(call) ?? '.'
    const type = call.args.find((arg) => /^(A|AAAA|MX|TXT|NS)$/.test(arg)) ?? 'A'
    call.after(ANSWER, () => {
      const address = type === 'A' ? lookUp(call, name) : undefined
      if (call.args.includes('+short')) {
        if (address !== undefined) call.out(`${address}\n`)
        return call.exit(0)
      }
      const known = lookUp(call, name) !== undefined
      const dotted = `${name}.`
      call.out(
        [
          '',
          `; <<>> DiG 9.18.24-1-Debian <<>> ${call.args.join(' ')}`,
          ';; global options: +cmd',
          ';; Got answer:',
          `;; ->>HEADER<<- opcode: QUERY, status: ${known ? 'NOERROR' : 'NXDOMAIN'}, id: 4242`,
          `;; flags: qr rd ra; QUERY: 1, ANSWER: ${address === undefined ? 0 : 1}, AUTHORITY: 0, ADDITIONAL: 1`,
          '',
          ';; OPT PSEUDOSECTION:',
          '; EDNS: version: 0, flags:; udp: 65494',
          ';; QUESTION SECTION:',
          `;${dotted}\t\t\tIN\t${type}`,
          '',
          ...(address === undefined ? [] : [';; ANSWER SECTION:', `${dotted}\t\t300\tIN\tA\t${address}`, '']),
          `;; Query time: ${ANSWER} msec`,
          `;; SERVER: ${RESOLVER}#53(${RESOLVER}) (UDP)`,
          `;; WHEN: ${new Date(today(call)).toUTCString().replace(/^(\w+), (\d+) (\w+) (\d+) ([\d:]+) GMT$/, '$1 $3 $2 $5 UTC $4')}`,
          `;; MSG SIZE  rcvd: ${address === undefined ? 40 : 56}`,
          '',
          '',
        ].join('\n'),
      )
      call.exit(0)
    })
    return undefined
  },
}

/** BIND's host. */
export const host: ShellProgram = {
  name: 'host',
  run(call) {
    const name = firstName(call)
    if (name === undefined) {
      call.err(
        'Usage: host [-aCdilrTvVw] [-c class] [-N ndots] [-t type] [-W time]\n            [-R number] [-m flag] [-p port] hostname [server]\n',
      )
      return 1
    }
    call.after(ANSWER, () => {
      const address = lookUp(call, name)
      call.out(
        address === undefined ? `Host ${name} not found: 3(NXDOMAIN)\n` : `${name} has address ${address}\n`,
      )
      call.exit(address === undefined ? 1 : 0)
    })
    return undefined
  },
}

/** BIND's nslookup. */
export const nslookup: ShellProgram = {
  name: 'nslookup',
  run(call) {
    const name = firstName(call)
    if (name === undefined) return 1
    call.after(ANSWER, () => {
      const address = lookUp(call, name)
      const head = `Server:\t\t${RESOLVER}\nAddress:\t${RESOLVER}#53\n\n`
      call.out(
        address === undefined
          ? `${head}** server can't find ${name}: NXDOMAIN\n\n`
          : `${head}Non-authoritative answer:\nName:\t${name}\nAddress: ${address}\n\n`,
      )
      call.exit(address === undefined ? 1 : 0)
    })
    return undefined
  },
}
