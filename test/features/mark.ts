// A small world for feature tests: texts with a `|` where the cursor is.

import type { At } from '../../server/src/features/convert.ts'
import { offsetAt, positionAt } from '../../server/src/features/convert.ts'
import { parseFile } from '../../server/src/syntax/parse.ts'
import type { Settings } from '../../server/src/workspace/settings.ts'
import type { Snapshot } from '../../server/src/workspace/snapshot.ts'

export const SETTINGS: Settings = {
  ciliumVersion: 'auto',
  enforcementMode: 'auto',
  config: {},
  cluster: { enabled: 'off', kubeconfig: '', context: '' },
  inventory: { file: '' },
  rules: {},
  files: { exclude: [] },
  namespace: '',
}

/** A snapshot of files (name → text); a `|` in the first one is the cursor and is taken out. */
export function marked(
  text: string,
  others: Readonly<Record<string, string>> = {},
  settings: Partial<Settings> = {},
  uri = 'file:///w/policy.yaml',
): { snapshot: Snapshot; at: At } {
  const cut = text.indexOf('|')
  const plain = cut === -1 ? text : text.slice(0, cut) + text.slice(cut + 1)
  const file = parseFile(uri, 1, plain)
  const files = new Map([[uri, file]])
  for (const [name, other] of Object.entries(others)) {
    files.set(`file:///w/${name}`, parseFile(`file:///w/${name}`, undefined, other))
  }
  const snapshot = { files, inventories: [], settings: { ...SETTINGS, ...settings } }
  return { snapshot, at: { uri, position: positionAt(file, Math.max(0, cut)) } }
}

/** The text of a file with edits applied. */
export function applied(
  text: string,
  edits: readonly { readonly range: { start: At['position']; end: At['position'] }; readonly newText: string }[],
): string {
  const file = parseFile('file:///w/applied.yaml', 1, text)
  const sorted = edits
    .map(e => ({ start: offsetAt(file, e.range.start), end: offsetAt(file, e.range.end), text: e.newText }))
    .sort((a, b) => b.start - a.start)
  let out = text
  for (const e of sorted) out = out.slice(0, e.start) + e.text + out.slice(e.end)
  return out
}
