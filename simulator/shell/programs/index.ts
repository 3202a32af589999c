import type { Program } from '../program.ts'
import { curl } from './curl.ts'
import { cat, cp, ls, mv, rm, touch } from './files.ts'
import { disown, exit, jobs, logout, type, which } from './jobs.ts'
import { kill } from './kill.ts'
import { later } from './later.ts'
import { ps } from './ps.ts'
import {
  bracket,
  cd,
  clear,
  echo,
  env,
  exportVariable,
  falsehood,
  help,
  history,
  man,
  nothing,
  printenv,
  printf,
  pwd,
  sleep,
  test,
  truth,
  unset,
} from './small.ts'
import { cut, head, seq, sort, tail, tee, tr, uniq, wc, xargs } from './text/filters.ts'
import { date, uptime } from './time.ts'

// What few sessions use comes when it is typed.
const docker = later('docker', async () => (await import('./docker.ts')).docker)
const grep = later('grep', async () => (await import('./text/grep.ts')).grep)
const machine = async () => import('./machine.ts')
const dmesg = later('dmesg', async () => (await machine()).dmesg)
const free = later('free', async () => (await machine()).free)
const hostname = later('hostname', async () => (await machine()).hostname)
const id = later('id', async () => (await machine()).id)
const nproc = later('nproc', async () => (await machine()).nproc)
const reboot = later('reboot', async () => (await machine()).reboot)
const uname = later('uname', async () => (await machine()).uname)
const whoami = later('whoami', async () => (await machine()).whoami)
const pgrep = later('pgrep', async () => (await import('./pgrep.ts')).pgrep)
const pkill = later('pkill', async () => (await import('./pgrep.ts')).pkill)
const hey = later('hey', async () => (await import('./hey.ts')).hey)
const journalctl = later('journalctl', async () => (await import('./journalctl.ts')).journalctl)
const systemctl = later('systemctl', async () => (await import('./systemctl.ts')).systemctl)
const dig = later('dig', async () => (await import('./names.ts')).dig)
const host = later('host', async () => (await import('./names.ts')).host)
const nslookup = later('nslookup', async () => (await import('./names.ts')).nslookup)
const openssl = later('openssl', async () => (await import('./openssl.ts')).openssl)
const pip = later('pip', async () => (await import('./pip.ts')).pip)
const pip3 = later('pip3', async () => (await import('./pip.ts')).pip3)
const ss = later('ss', async () => (await import('./sockets.ts')).ss)
const lsof = later('lsof', async () => (await import('./sockets.ts')).lsof)
const top = later('top', async () => (await import('./top.ts')).top)
const timeout = later('timeout', async () => (await import('./repeat.ts')).timeout)
const watch = later('watch', async () => (await import('./repeat.ts')).watch)
const pstree = later('pstree', async () => (await import('./tree.ts')).pstree)
const killall = later('killall', async () => (await import('./tree.ts')).killall)

/** What can be typed besides the servers and what the shell itself does while it waits. */
export const PROGRAMS: readonly Program[] = [
  ...[curl, hey, dig, host, nslookup, openssl, ss, lsof],
  ...[ps, pstree, top, pgrep, kill, pkill, killall],
  ...[free, nproc, uptime, dmesg, date, hostname, whoami, id, uname],
  ...[systemctl, journalctl, reboot, docker, pip, pip3],
  ...[ls, cat, head, tail, touch, rm, cp, mv, cd, pwd],
  ...[grep, sort, uniq, wc, cut, tr, tee, seq, xargs, watch, timeout, sleep],
  ...[echo, printf, env, printenv, exportVariable, unset, test, bracket, truth, falsehood, nothing],
  ...[jobs, disown, history, type, which, exit, logout, clear, man, help],
]
