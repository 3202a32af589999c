import type { Program } from '../program.ts'
import { later, laterBuiltin, laterReading } from './later.ts'
import { cd, clear, echo, exit, logout, falsehood, history, nothing, pwd, sleep, truth } from './small.ts'

// What few sessions use comes when it is typed.
const docker = later('docker', async () => (await import('./docker.ts')).docker)
const grep = laterReading('grep', async () => (await import('./text/grep.ts')).grep)
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
const ps = later('ps', async () => (await import('./ps.ts')).ps)
const lists = async () => import('./jobs.ts')
const jobs = laterBuiltin('jobs', async () => (await lists()).jobs)
const disown = laterBuiltin('disown', async () => (await lists()).disown)
const type = laterBuiltin('type', async () => (await lists()).type)
const which = later('which', async () => (await lists()).which)
const kill = laterBuiltin('kill', async () => (await import('./kill.ts')).kill)
const variables = async () => import('./variables.ts')
const env = later('env', async () => (await variables()).env)
const exportVariable = laterBuiltin('export', async () => (await variables()).exportVariable)
const printenv = later('printenv', async () => (await variables()).printenv)
const printf = laterBuiltin('printf', async () => (await variables()).printf)
const unset = laterBuiltin('unset', async () => (await variables()).unset)
const conditions = async () => import('./condition.ts')
const bracket = laterBuiltin('[', async () => (await conditions()).bracket)
const test = laterBuiltin('test', async () => (await conditions()).test)
const manuals = async () => import('./manual.ts')
const help = laterBuiltin('help', async () => (await manuals()).help)
const man = later('man', async () => (await manuals()).man)
const files = async () => import('./files.ts')
const cat = laterReading('cat', async () => (await files()).cat)
const cp = later('cp', async () => (await files()).cp)
const ls = later('ls', async () => (await files()).ls)
const mv = later('mv', async () => (await files()).mv)
const rm = later('rm', async () => (await files()).rm)
const touch = later('touch', async () => (await files()).touch)
const times = async () => import('./time.ts')
const date = later('date', async () => (await times()).date)
const uptime = later('uptime', async () => (await times()).uptime)
const curl = later('curl', async () => (await import('./curl.ts')).curl)
const filters = async () => import('./text/filters.ts')
const ends = async () => import('./text/head-tail.ts')
const cut = laterReading('cut', async () => (await filters()).cut)
const head = laterReading('head', async () => (await ends()).head)
const seq = laterReading('seq', async () => (await filters()).seq)
const sort = laterReading('sort', async () => (await filters()).sort)
const tail = laterReading('tail', async () => (await ends()).tail)
const tee = laterReading('tee', async () => (await filters()).tee)
const tr = laterReading('tr', async () => (await filters()).tr)
const uniq = laterReading('uniq', async () => (await filters()).uniq)
const wc = laterReading('wc', async () => (await filters()).wc)
const xargs = laterReading('xargs', async () => (await filters()).xargs)

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
