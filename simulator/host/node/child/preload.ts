import type { Settings } from '../../../manager/settings.ts'
import { tell } from '../ipc/channel.ts'
import { loadApp } from './load.ts'
import { waitForImport } from './wait-for.ts'

/**
 * Imports the application once and reports the result to the parent, which then ends this process. Workers import it again: unlike a fork,
 * Node cannot pass loaded modules on.
 */
export async function preload(settings: Settings): Promise<void> {
  const loaded = await waitForImport(settings.app.typed, loadApp(settings))
  tell({ says: 'preloaded', ...('error' in loaded ? { error: loaded.error } : {}) })
}
