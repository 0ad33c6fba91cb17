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
import type { Config, Question } from './generate.ts'

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
  const settings = { ...DEFAULTS, ciliumVersion: version, config: keysOf(question.config) }
  return { files: new Map(files), inventories: [inventory], settings }
}

/** A configuration as the keys of `cilium-config`. */
function keysOf(config: Config): Readonly<Record<string, string>> {
  return {
    'enable-policy': config.mode,
    'cluster-name': config.cluster,
    'policy-default-local-cluster': String(config.localCluster),
    'enable-ipv6': String(config.ipv6),
    'enable-node-selector-labels': String(config.nodeLabels),
    'enable-host-firewall': String(config.hostFirewall),
    'policy-cidr-match-mode': config.cidrMatch.join(','),
  }
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

/** The texts of the policies that we take for accepted, in the order of the files; of one name the last one. */
export function accepted(snapshot: Snapshot): readonly string[] {
  const lens = lensOf(snapshot)
  const found = new Map<string, string>()
  for (const file of snapshot.files.values()) {
    for (const document of file.documents) {
      const [policy] = policies(document)
      if (!policy || rejected(policy, lens)) continue
      const key = `${policy.clusterwide} ${policy.namespace?.value} ${policy.name?.value}`
      found.set(key, document.text)
    }
  }
  return [...found.values()]
}
