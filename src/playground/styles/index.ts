import { inspector } from './inspector.ts'
import { panels } from './panels.ts'
import { past } from './past.ts'
import { terminals } from './terminals.ts'
import { whole } from './whole.ts'

/** What the playground adds to the labs' look. */
export const styles = [whole, past, inspector, terminals, panels]
