// The inventory file of the settings: found, read, and read again when it changes.

import { parseWhole } from '../syntax/parse.ts'
import { inventoryFromFile } from '../workspace/collect.ts'
import type { Runtime } from './runtime.ts'
import { type Session, withSource } from './session.ts'
import { fileName, resolveUri } from './uri.ts'

/**
 * Reads the file that the setting `inventory.file` names into the snapshot; nothing set takes it out. Returns one sentence
 * when something is wrong with it.
 */
export async function readInventory(session: Session, runtime: Runtime): Promise<string | undefined> {
  const { file: path } = session.get().snapshot.settings.inventory
  const { uri, text } = path === '' ? {} : await find(session.get().folders, path, runtime)
  session.update(state => ({ ...state, inventoryFile: uri }))
  if (uri === undefined || text === undefined) {
    session.update(state => withSource(state, 'file', undefined))
    if (path === '') return undefined
    return `The inventory file ${path} cannot be read: there is no such file. Change the setting ciliumPolicy.inventory.file.`
  }
  const inventory = inventoryFromFile(parseWhole(uri, text), fileName(uri))
  session.update(state => withSource(state, 'file', inventory))
  return inventory.gaps.length > 0 ? `The inventory file: ${inventory.gaps.join('; ')}.` : undefined
}

async function find(
  folders: readonly string[],
  path: string,
  runtime: Runtime,
): Promise<{ uri?: string; text?: string }> {
  const candidates = [...new Set((folders.length > 0 ? folders : ['']).map(folder => resolveUri(folder, path)))]
  for (const uri of candidates) {
    const text = await runtime.read(uri)
    if (text !== undefined) return { uri, text }
  }
  return { uri: candidates[0] }
}
