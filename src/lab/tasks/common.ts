import { lookUp } from '../../../simulator/manager/look-up.ts'
import type { Speech } from '../../machine-view/words.ts'
import { idOf, type Task, type Tasks } from './tasks.ts'
import type { LabTexts } from './texts.ts'

/** What every part of the task panel needs. */
export interface Panel {
  readonly speech: Speech
  readonly texts: LabTexts
  readonly tasks: Tasks
  /** Whether the panel is inside a `<details>`, to save room. */
  readonly folded: boolean
  readonly onReset: () => void
  /** Opens a task, and moves the focus to it. */
  readonly onNext: (id: string) => void
}

/** A task's title. */
export function title({ texts }: Panel, task: Task): string {
  const id = idOf(task)
  const told = task.kind === 'prediction' ? lookUp(texts.predictions, id) : lookUp(texts.checkpoints, id)
  return told?.title ?? id
}
