// Ways out without a diagnostic: the other sides of rules, and the fixes of rules that the settings switch off.

import { memo } from '../memo.ts'
import { check } from '../rules/check.ts'
import type { File } from '../syntax/file.ts'
import type { Fix } from '../syntax/problem.ts'
import type { Snapshot } from '../workspace/snapshot.ts'
import { documentAt } from './convert.ts'
import { otherSides } from './otherSides.ts'

/** The same world with every rule on. */
const allOn = memo((snapshot: Snapshot): Snapshot => ({ ...snapshot, settings: { ...snapshot.settings, rules: {} } }))

/** What can be done at an offset of the file, best first. */
export function refactorsAt(snapshot: Snapshot, file: File, offset: number): readonly Fix[] {
  const { rules } = snapshot.settings
  const owner = documentAt(file, offset)
  if (!owner) return []
  const local = offset - owner.start
  const others = otherSides(snapshot, owner.document, local)
  if (!Object.values(rules).includes('off')) return others
  const off = check(allOn(snapshot), owner.document)
    .filter(p => rules[p.code] === 'off' && p.span.start <= local && local <= p.span.end)
    .flatMap(p => p.fixes)
  return [...off, ...others]
}
