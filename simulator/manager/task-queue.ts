import type { Manager, ManagerEffect, ManagerEvent } from './machine.ts'
import type { SignalName } from './signals.ts'

/**
 * The original managers are loops of blocking calls. Here each call is a task with the call's name: the first task is the call that the
 * program is in, and it stays first while it blocks. Meanwhile signals wait, as in the original.
 */
export interface TaskQueue<Task> {
  /** Tasks to perform, the next one first. */
  readonly todo: readonly Task[]
  /** Whether the first task has set its timer or asked the host, and is blocked until an event ends that. */
  readonly waiting: boolean
}

/** Reacts to one signal: the tasks to perform for it. */
export interface HandleSignal {
  readonly task: 'handle-signal'
  readonly signal: SignalName
}

/** A queue with nothing to do. */
export const EMPTY_QUEUE = { todo: [], waiting: false } as const

/** A state while a step changes it. */
export type Draft<State> = { -readonly [K in keyof State]: State[K] }

/** Where the effects of a step are collected, in order. */
export type Effects = ManagerEffect[]

/** The state of a manager: it performs tasks while it is `running`; in `serving` and `ended` it ignores events. */
interface QueueState<Task> extends TaskQueue<Task> {
  readonly phase: 'new' | 'preloading' | 'binding' | 'running' | 'serving' | 'ended'
}

/** The parts from which `taskManager` makes a manager. */
export interface TaskManager<State extends QueueState<Task>, Task> {
  readonly initial: State
  /** Records an event in the state. */
  readonly receive: (draft: Draft<State>, event: ManagerEvent, effects: Effects) => void
  /** Performs the first task; false when it is blocked. */
  readonly perform: (draft: Draft<State>, task: Task, effects: Effects) => boolean
  readonly handles: (state: State, signal: SignalName) => boolean
}

/** A manager that, after every event, performs one task after the other until one blocks. */
export function taskManager<State extends QueueState<Task>, Task>({
  initial,
  receive,
  perform,
  handles,
}: TaskManager<State, Task>): Manager<State> {
  return {
    initial,
    handles,
    step(state, event) {
      if (state.phase === 'ended' || state.phase === 'serving') return { state, effects: [] }
      const draft: Draft<State> = { ...state }
      const effects: Effects = []
      receive(draft, event, effects)
      while (draft.phase === 'running') {
        const [task] = draft.todo
        if (task === undefined || !perform(draft, task, effects)) break
      }
      return { state: draft, effects }
    },
  }
}

/** Ends the first task and puts these tasks in front of the rest. */
export function continueWith<Task>(draft: Draft<TaskQueue<Task>>, ...tasks: readonly NoInfer<Task>[]): void {
  draft.waiting = false
  draft.todo = [...tasks, ...draft.todo.slice(1)]
}

/** Ends the first task and adds a task for each signal that has come, in order. */
export function takeSignals<Task>(
  draft: Draft<TaskQueue<Task | HandleSignal>> & { signals: readonly SignalName[] },
): void {
  const taken = draft.signals.map((signal): HandleSignal => ({ task: 'handle-signal', signal }))
  draft.signals = []
  continueWith<Task | HandleSignal>(draft, ...taken)
}

/** Drops all tasks and performs these instead. */
export function replaceTasks<Task>(draft: Draft<TaskQueue<Task>>, ...tasks: readonly NoInfer<Task>[]): void {
  draft.waiting = false
  draft.todo = tasks
}

/** Asks the host for something, once; the first task is blocked until the answer ends it. */
export function waitForHost(
  draft: Draft<TaskQueue<unknown>>,
  effects: Effects,
  effect: ManagerEffect,
): false {
  if (!draft.waiting) effects.push(effect)
  draft.waiting = true
  return false
}

/** Sets the timer, once; the first task is blocked until the timer or another event ends it. */
export function waitFor(draft: Draft<TaskQueue<unknown>>, effects: Effects, ms: number): false {
  return waitForHost(draft, effects, { type: 'timer', ms })
}
