import { unsafeCSS } from 'lit'
import inspector from './inspector.css?inline'
import panels from './panels.css?inline'
import past from './past.css?inline'
import terminals from './terminals.css?inline'
import whole from './whole.css?inline'

/** The playground's own styles. */
export const styles = [whole, past, inspector, terminals, panels].map((sheet) => unsafeCSS(sheet))
