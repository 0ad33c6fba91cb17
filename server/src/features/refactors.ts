// Ways out without a diagnostic: the fixes of rules that the settings switch off.

import { memo } from '../memo.ts'
import { check } from '../rules/check.ts'
import type { File } from '../syntax/file.ts'
import type { Fix } from '../syntax/problem.ts'
import type { Snapshot } from '../workspace/snapshot.ts'
import { documentAt } from './convert.ts'

/** The same world with every rule on. */
const allOn = memo((snapshot: Snapshot): Snapshot => ({ ...snapshot, settings: { ...snapshot.settings, rules: {} } }))

/** What can be done at an offset of the file, best first. */
export function refactorsAt(snapshot: Snapshot, file: File, offset: number): readonly Fix[] {
  const { rules } = snapshot.settings
  const owner = documentAt(file, offset)
  if (!owner || !Object.values(rules).includes('off')) return []
  const local = offset - owner.start
  return check(allOn(snapshot), owner.document)
    .filter(p => rules[p.code] === 'off' && p.span.start <= local && local <= p.span.end)
    .flatMap(p => p.fixes)
}
