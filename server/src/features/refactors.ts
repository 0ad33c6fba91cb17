// Ways to change a policy that answer to no problem: writing the other side of a rule.

import type { File } from '../syntax/file.ts'
import type { Fix } from '../syntax/problem.ts'
import type { Snapshot } from '../workspace/snapshot.ts'

/** What can be done at an offset of the file, best first. */
export function refactorsAt(_snapshot: Snapshot, _file: File, _offset: number): readonly Fix[] {
  return []
}
