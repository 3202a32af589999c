import { unsafeCSS } from 'lit'
import { styles as view } from '../machine-view/styles/index.ts'
import docked from './docked.css?inline'
import tasks from './tasks/tasks.css?inline'

/** The styles of a lab: its machine, its tasks, and what differs while it is docked. */
export const styles = [...view, unsafeCSS(tasks), unsafeCSS(docked)]
