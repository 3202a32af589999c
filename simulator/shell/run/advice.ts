import { lookUp } from '../../manager/look-up.ts'
import { isProgram } from '../../manager/traits.ts'
import { nearest } from '../suggest.ts'
import { fillIn, type ShellWords } from '../words.ts'

/** Programs that are often typed for another one that `words.instead` has a sentence about. */
const ALIKE: ReadonlyMap<string, string> = new Map(
  Object.entries({
    nano: 'vi vim nvim emacs code',
    tmux: 'screen',
    nc: 'ncat telnet',
    strace: 'ltrace perf',
    ab: 'wrk oha k6 locust siege',
    apt: 'apt-get yum dnf apk brew',
    psql: 'mysql',
    'redis-cli': 'redis-server',
    kubectl: 'helm minikube',
    supervisorctl: 'supervisord service pm2',
    nginx: 'caddy certbot traefik',
  }),
)

/** A suggestion of what to type instead of a program that does not exist here. */
export function adviceFor(name: string, commands: readonly string[], words: ShellWords): string {
  if (isProgram(name)) return fillIn(words.notInstalled, { program: name })
  const [like] = [...ALIKE].find(([, names]) => names.split(' ').includes(name)) ?? [name]
  const instead = lookUp(words.instead, like)
  if (instead !== undefined) return fillIn(instead, { typed: name })
  const suggestion = nearest(name, commands)
  return suggestion === undefined ? words.seeHelp : fillIn(words.didYouMean, { suggestion })
}
