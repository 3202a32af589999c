import { machineShell } from '../../simulator/shell/machine-shell.ts'
import words from '../../content/lab/en.json' with { type: 'json' }

/** The shell for containers in shell form; its messages are not shown. */
export const interpreter = machineShell(words.shell)
