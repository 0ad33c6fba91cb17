// ICMP types that the API server or the agent do not know.

import { ICMP_TYPES } from '../model/icmp.ts'
import { replaceValue } from '../syntax/edit.ts'
import { suggest } from '../syntax/suggest.ts'
import { itemsOf } from './common.ts'
import type { DocumentRule } from './rule.ts'

export const icmpType: DocumentRule = {
  id: 'icmp-type',
  scope: 'document',
  byPart: true,
  about: ['icmps'],
  severity: 'error',
  summary: 'An ICMP type that does not exist in that family',
  why: 'A type is a number or a name of its family (IPv4 when none is written). The agent cannot read a policy with a name of the other family. ExtendedEchoReply is misspelt in the schema: use its number.',
  source: 'pkg/policy/api/icmp.go ICMPField.UnmarshalJSON (V155–V157)',
  *check(policy) {
    for (const { item } of itemsOf(policy)) {
      for (const field of (item.icmps ?? []).flatMap(i => i.fields)) {
        const { type } = field
        if (!type) continue
        const known = ICMP_TYPES[field.family]
        if (typeof type.value === 'number') {
          if (type.value > 2147483647 || type.value < -2147483648)
            yield { span: type.node.span, message: `${type.value} is no ICMP type: write a number from 0 to 255` }
          continue
        }
        const text = type.value
        if (/^[0-9]{1,3}$/.test(text) && String(Number(text)) === text && Number(text) <= 255) continue
        if (known.has(text) && text !== 'ExtendedEchoReply') continue
        const number = known.get(text)
        const near = number !== undefined ? String(number) : suggest(text, known.keys())
        const advice =
          number !== undefined
            ? `the API server does not know the name, write ${number}`
            : near
              ? `did you mean ${near}?`
              : 'write a number or a name of the family'
        yield {
          span: type.node.span,
          message: `unknown ICMP type ${JSON.stringify(text)} for ${field.family}: ${advice}`,
          fixes: near
            ? [
                {
                  title: `Change to ${near}`,
                  preferred: true,
                  edits: () => replaceValue(policy.document, type.node, near),
                },
              ]
            : [],
        }
      }
    }
  },
}
