// Rule ids in the comment that silences a rule: `# cilium-policy-ignore <rule-id> reason`.

import type { CompletionItem } from 'vscode-languageserver-types'
import { rules } from '../../rules/index.ts'
import type { Snapshot } from '../../workspace/snapshot.ts'
import { type At, fileRange, offsetAt } from '../convert.ts'

const COMMENT = /#[ \t]*cilium-policy-ignore[ \t]+([\w-]*)$/

/** The ids, where the position is behind the words of such a comment. */
export function ruleIds(snapshot: Snapshot, at: At): CompletionItem[] {
  const file = snapshot.files.get(at.uri)
  if (!file) return []
  const offset = offsetAt(file, at.position)
  const line = file.text.slice(file.text.lastIndexOf('\n', offset - 1) + 1, offset)
  const typed = COMMENT.exec(line)?.[1]
  if (typed === undefined) return []
  let end = offset
  while (/[\w-]/.test(file.text[end] ?? '')) end++
  const range = fileRange(file, offset - typed.length, end)
  return rules.map(({ id, summary }) => ({ label: id, kind: 12, detail: summary, textEdit: { range, newText: id } }))
}
