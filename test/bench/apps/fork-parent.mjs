// Bare processes to compare memory with: a parent that does nothing, and forks with an idle http server each. `fork-parent.mjs WORKERS`
import { fork } from 'node:child_process'

for (let i = 0; i < Number(process.argv[2]); i++) fork(new URL('./fork-child.mjs', import.meta.url))
