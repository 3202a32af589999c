import { machineShell } from '../../simulator/shell/machine-shell.ts'
import words from '../../content/lab/en.json' with { type: 'json' }

/** The shell that containers run in shell form; nothing that it says is shown. */
export const interpreter = machineShell(words.shell)
