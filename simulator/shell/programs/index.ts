import type { Program } from '../program.ts'
import { curl } from './curl.ts'
import { cat, ls } from './files.ts'
import { kill } from './kill.ts'
import { pgrep, pkill } from './pgrep.ts'
import { ps } from './ps.ts'
import { clear, echo, env, exportVariable, help, history, sleep, unset } from './small.ts'

/** What can be typed besides the servers, in the order in which `help` shows it. */
export const PROGRAMS: readonly Program[] = [
  curl,
  kill,
  ps,
  pgrep,
  pkill,
  ls,
  cat,
  echo,
  sleep,
  env,
  exportVariable,
  unset,
  history,
  clear,
  help,
]
