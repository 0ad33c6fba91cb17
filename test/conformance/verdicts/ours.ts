// Our own answers to generated questions.

import { parsePortQuery } from '../../../server/src/engine/party.ts'
import { reach } from '../../../server/src/engine/reach.ts'
import type { Answer } from '../../../server/src/engine/verdict.ts'
import { policies } from '../../../server/src/model/lower.ts'
import type { Version } from '../../../server/src/model/version.ts'
import { lensOf, rejected } from '../../../server/src/rules/check.ts'
import { parseFile, parseWhole } from '../../../server/src/syntax/parse.ts'
import { inventoryFromFile } from '../../../server/src/workspace/collect.ts'
import { DEFAULTS } from '../../../server/src/workspace/settings.ts'
import type { Snapshot } from '../../../server/src/workspace/snapshot.ts'
import type { Question } from './generate.ts'

export interface Ours {
  readonly egress: Answer
  readonly ingress: Answer
  readonly verdict: Answer
}

/** The snapshot that a question is about. */
export function snapshotOf(question: Question, version: Version): Snapshot {
  const files = Object.entries(question.files).map(([name, text]) => {
    const uri = `file:///w/${name}`
    return [uri, parseFile(uri, undefined, text)] as const
  })
  const inventory = inventoryFromFile(parseWhole('file:///inventory.json', JSON.stringify(question.inventory)))
  const settings = { ...DEFAULTS, ciliumVersion: version, enforcementMode: question.mode }
  return { files: new Map(files), inventories: [inventory], settings }
}

/** Answers in the order of the flows. */
export function answers(snapshot: Snapshot, question: Question): readonly Ours[] {
  return question.flows.map(({ from, to, port }) => {
    const query = parsePortQuery(port)
    if (!query) throw new Error(`no port: ${port}`)
    const { verdict, egress, ingress } = reach(snapshot, { from, to, port: query })
    return { verdict, egress: egress.verdict, ingress: ingress.verdict }
  })
}

/** Whether each policy is refused, in the order of the files' names. */
export function refusals(snapshot: Snapshot): readonly boolean[] {
  const lens = lensOf(snapshot)
  return [...snapshot.files.values()].flatMap(f => f.documents.flatMap(d => policies(d).map(p => rejected(p, lens))))
}
