import type { Settings } from '../../../manager/settings.ts'
import { tell } from '../channel.ts'
import { loadApp } from './load.ts'

/**
 * Imports the application once and tells the parent how that went, which then ends this process. Workers import it
 * again: Node cannot hand on what is loaded, as a fork does.
 */
export async function preload(settings: Settings): Promise<void> {
  const loaded = await loadApp(settings)
  tell({ says: 'preloaded', ...('error' in loaded ? { error: loaded.error } : {}) })
}
