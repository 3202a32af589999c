import type { Program } from '../program.ts'
import { curl } from './curl.ts'
import { docker } from './docker.ts'
import { cat, cp, ls, mv, rm, touch } from './files.ts'
import { hey } from './hey.ts'
import { disown, exit, jobs, logout, type, which } from './jobs.ts'
import { journalctl } from './journalctl.ts'
import { kill } from './kill.ts'
import { dmesg, free, hostname, id, nproc, reboot, uname, whoami } from './machine.ts'
import { dig, host, nslookup } from './names.ts'
import { openssl } from './openssl.ts'
import { pgrep, pkill } from './pgrep.ts'
import { pip, pip3 } from './pip.ts'
import { ps } from './ps.ts'
import { timeout, watch } from './repeat.ts'
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
import { lsof, ss } from './sockets.ts'
import { systemctl } from './systemctl.ts'
import { cut, head, seq, sort, tail, tee, tr, uniq, wc, xargs } from './text/filters.ts'
import { grep } from './text/grep.ts'
import { date, uptime } from './time.ts'
import { top } from './top.ts'
import { killall, pstree } from './tree.ts'

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
