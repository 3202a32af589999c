import { SCENARIOS } from '../../simulator/scenario/index.ts'

/** The names of a chapter's tasks, in their order: questions, then checkpoints. None for a chapter without a lab. */
export function tasksOf(chapter: string): readonly string[] {
  const lab = SCENARIOS.find(({ id }) => id === chapter)
  if (lab === undefined) return []
  return [...lab.predictions, ...lab.checkpoints].map(({ id }) => `${chapter}/${id}`)
}
