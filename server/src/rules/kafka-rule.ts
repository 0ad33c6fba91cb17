// Kafka and generic L7 rules that the agents up to 1.19 refuse.

import { get, items, type Node, str } from '../syntax/node.ts'
import { portRulesOf, sanitized, wordSpan } from './common.ts'
import type { DocumentRule, Finding } from './rule.ts'

export const API_KEYS =
  'produce fetch offsets metadata leaderandisr stopreplica updatemetadata controlledshutdown offsetcommit offsetfetch findcoordinator joingroup heartbeat leavegroup syncgroup describegroups listgroups saslhandshake apiversions createtopics deletetopics deleterecords initproducerid offsetforleaderepoch addpartitionstotxn addoffsetstotxn endtxn writetxnmarkers txnoffsetcommit describeacls createacls deleteacls describeconfigs alterconfigs'.split(
    ' ',
  )

export const kafkaRule: DocumentRule = {
  id: 'kafka-rule',
  scope: 'document',
  byPart: true,
  about: ['kafka', 'l7'],
  severity: 'error',
  until: '1.19',
  summary: 'Kafka or generic L7 rules that Cilium refuses',
  why: 'role and apiKey exclude each other, API keys and versions are known words and numbers, and topics have a fixed form. `l7` needs `l7proto`. All of this is gone in 1.20.',
  source: 'pkg/policy/api/kafka.go and l7.go up to 1.19 (V130, V131)',
  *check(policy, lens) {
    for (const { item, portRule } of portRulesOf(sanitized(policy, lens))) {
      if (item.deny) continue
      const rules = get(portRule.node, 'rules')
      for (const k of items(get(rules, 'kafka'))) yield* kafka(k)
      const l7 = portRule.l7.find(l => l.kind === 'l7')
      if (l7 && portRule.l7.some(l => l.count > 0) && !str(get(rules, 'l7proto')))
        yield { span: l7.keyNode.span, message: '`l7` needs `l7proto`: name the protocol' }
      for (const rule of items(l7?.node)) {
        if (rule.kind === 'map')
          for (const e of rule.entries)
            if (e.name === '') yield { span: e.key.span, message: 'a key of an `l7` rule must not be empty: write one' }
      }
    }
  },
}

/** What Go's strconv.ParseInt reads as a number from 0 to 32767. */
function isApiVersion(text: string): boolean {
  return /^[-+]?[0-9]+$/.test(text) && Number(text) >= 0 && Number(text) <= 32767
}

function* kafka(node: Node): Iterable<Finding> {
  const field = (name: string) => ({ node: get(node, name), text: str(get(node, name)) ?? '' })
  const role = field('role')
  const key = field('apiKey')
  const version = field('apiVersion')
  const topic = field('topic')
  if (role.text && key.text)
    yield { span: (key.node ?? node).span, message: '`role` and `apiKey` exclude each other: keep one of them' }
  else if (key.text && key.node && !API_KEYS.includes(key.text.toLowerCase()))
    yield {
      span: key.node.span,
      message: `unknown Kafka API key ${JSON.stringify(key.text)}: use a request name such as fetch`,
    }
  if (version.text && version.node && !isApiVersion(version.text))
    yield {
      span: version.node.span,
      message: `${JSON.stringify(version.text)} is no API version: write a number in quotes`,
    }
  if (topic.text && topic.node && (topic.text.length > 255 || !/^[a-zA-Z0-9._-]+$/.test(topic.text)))
    yield {
      span: topic.node.span ?? wordSpan(node),
      message: `${JSON.stringify(topic.text)} is no Kafka topic: use letters, digits, . _ and -`,
    }
}
