import type { StepResult } from '../manager/machine.ts'
import type { SignalName } from '../manager/signals.ts'
import { workerKind } from '../manager/versions.ts'
import { asgiHandles, newAsgiWorker, stepAsgiWorker, type AsgiWorker } from './asgi.ts'
import type { WorkerBirth, WorkerEffect, WorkerEvent } from './life.ts'
import { serverHandles, serverHearsHighestFirst, stepServer } from './server/server.ts'
import { newServer, type UvicornServer } from './server/state.ts'

export type { Phase } from './life.ts'

/** The state of a worker: uvicorn's server, alone, spawned or in gunicorn's worker; or gunicorn's own `asgi` worker. */
export type Worker = UvicornServer | AsgiWorker

/** A worker before its first event. */
export function newWorker(birth: WorkerBirth): Worker {
  return workerKind(birth.settings) === 'asgi' ? newAsgiWorker(birth) : newServer(birth)
}

/** Gives a worker an event. */
export function stepWorker(worker: Worker, event: WorkerEvent): StepResult<Worker, WorkerEffect> {
  return worker.kind === 'asgi' ? stepAsgiWorker(worker, event) : stepServer(worker, event)
}

/** Whether the process has a handler for this signal now; without one the kernel takes the default action. */
export function workerHandles(worker: Worker, signal: SignalName): boolean {
  return worker.kind === 'asgi' ? asgiHandles(worker, signal) : serverHandles(worker, signal)
}

/**
 * Whether, of several pending signals, the one with the highest number is handled first: asyncio's handlers run in the order in which the
 * kernel stacks them, those of Python's `signal` module start with the lowest number.
 */
export function hearsHighestFirst(worker: Worker): boolean {
  return worker.kind === 'asgi' || serverHearsHighestFirst(worker)
}
