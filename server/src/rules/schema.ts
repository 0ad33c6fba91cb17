// The rules whose findings come from reading YAML and from the API server's schema: one id for each kind of mistake.

import { latest } from '../memo.ts'
import { policyKind, policyRoots } from '../model/kinds.ts'
import type { Version } from '../model/version.ts'
import { isAsSchema, type SchemaFinding, validate } from '../schema/validate.ts'
import type { Document } from '../syntax/file.ts'
import { metadataFindings } from './metadata.ts'
import type { Finding, Lens, TextRule } from './rule.ts'
import { isOfOther, separatorFindings } from './separator.ts'
import { withoutTwin } from './twin.ts'

const UPSTREAM =
  "the CustomResourceDefinition of the version in force, as the API server's strict validation applies it"

function fromSchema(id: string, summary: string, why: string): TextRule {
  return {
    id,
    scope: 'text',
    severity: 'error',
    summary,
    why,
    source: UPSTREAM,
    bySchema: true,
    check(document: Document, lens: Lens): Iterable<Finding> {
      const found = objections(document, lens.version)
      return found.length === 0 ? found : found.filter(f => f.code === id)
    },
  }
}

/** What the schema minds in all policies of a document; remembered while its rules ask one after the other. */
const objections = latest((document: Document, version: Version): readonly SchemaFinding[] =>
  policyRoots(document).flatMap(root => [...validate(document, root, version)]),
)

/** Whether the schema minds nothing in the policies of a document, if it minds nothing in the items that start at `cleared`. */
export const isValid = (document: Document, version: Version, cleared: ReadonlySet<number>): boolean =>
  policyRoots(document).every(root => isAsSchema(root, version, cleared))

function fromText(id: string, summary: string, why: string): TextRule {
  return {
    id,
    scope: 'text',
    byErrors: true,
    severity: 'error',
    summary,
    why,
    source: 'sigs.k8s.io/yaml, with which the API server reads YAML (V011, V012)',
    *check(document) {
      if (id === 'yaml-duplicate-key') yield* separatorFindings(document)
      for (const e of document.errors) {
        if (e.code === id && !isOfOther(document, e.span.start))
          yield {
            span: e.span,
            message: e.message,
            fixes: e.code === 'yaml-duplicate-key' ? withoutTwin(document, e.span) : [],
          }
      }
    },
  }
}

const metadata: TextRule = {
  id: 'invalid-metadata',
  scope: 'text',
  severity: 'error',
  summary: 'Name, namespace, labels or annotations that the API server refuses',
  why: 'The API server checks the metadata of every object: names are DNS names, label keys and values have a fixed form, and all of them are strings.',
  source: 'k8s.io/apimachinery pkg/api/validation/objectmeta.go ValidateObjectMetaAccessor (V001)',
  *check(document) {
    for (const root of policyRoots(document))
      yield* metadataFindings(document, root, policyKind(root) === 'CiliumClusterwideNetworkPolicy')
  },
}

/** In the order in which their findings are shown. */
export const schemaRules: readonly TextRule[] = [
  fromText(
    'yaml-syntax',
    'The text is not YAML',
    'What is not YAML cannot be read by anybody: neither kubectl nor the API server goes further.',
  ),
  fromText(
    'yaml-duplicate-key',
    'The same key twice in one map',
    'The API server refuses a map with the same key twice. kubectl apply silently lets the last one win, so half of what is written has no effect.',
  ),
  fromText(
    'yaml-bad-key',
    'A key that cannot be one in Kubernetes',
    'Keys must become strings: null, lists and maps cannot.',
  ),
  fromText(
    'yaml-bad-merge',
    'A merge key (<<) without a map',
    'A merge takes in a map or a list of maps; anything else cannot be read.',
  ),
  fromText(
    'yaml-not-json',
    'A number that JSON does not know',
    'Kubernetes turns YAML into JSON, which has no infinity and no NaN.',
  ),
  fromText(
    'yaml-too-deep',
    'The document is nested too deeply',
    'Nobody writes such a policy by hand: it is refused before it is looked at.',
  ),
  fromText(
    'yaml-alias-bomb',
    'Aliases that unfold to far more than is written',
    'Kubernetes refuses to unfold aliases beyond a limit.',
  ),
  fromSchema(
    'unknown-field',
    'A key that does not exist there',
    'The API server refuses unknown keys; without strict validation they are dropped silently, and the policy says something else than it seems to.',
  ),
  fromSchema(
    'kubernetes-network-policy-key',
    "A key of Kubernetes' NetworkPolicy in a Cilium policy",
    "Cilium's policies have their own keys: endpointSelector for podSelector, fromEndpoints and toEndpoints for from and to, toPorts for ports.",
  ),
  fromSchema('missing-field', 'A key that must be there is missing', 'Without it the API server refuses the policy.'),
  fromSchema(
    'wrong-type',
    'A value of the wrong type',
    'A list where a map belongs, a number where a string belongs: the API server refuses it. Remember that YAML reads yes, on, 010 and 1e3 as booleans and numbers.',
  ),
  fromSchema(
    'port-not-a-string',
    'A port without quotes',
    'Ports may be names, so the field is a string: a number must be quoted.',
  ),
  fromSchema('unknown-entity', 'An entity that Cilium does not know', 'Entities are fixed words, in lower case.'),
  fromSchema(
    'unknown-protocol',
    'A protocol that Cilium does not know',
    'Protocols are fixed words, in upper case. ICMP has a field of its own, icmps.',
  ),
  fromSchema(
    'unknown-operator',
    'An operator that selectors do not know',
    'In, NotIn, Exists and DoesNotExist, written exactly so.',
  ),
  fromSchema('unknown-value', 'A value that is none of those allowed', 'The field takes fixed words only.'),
  fromSchema(
    'conflicting-fields',
    'Keys that exclude each other',
    'Only one of them may be there; the API server refuses both together.',
  ),
  fromSchema(
    'out-of-bounds',
    'Too many, too long, too large or twice',
    'The API server has limits for lists, lengths and numbers.',
  ),
  fromSchema(
    'invalid-cidr',
    'Text that is no network',
    'A network is an address and a length: 10.0.0.0/8, or /32 for one address. Nothing is assumed.',
  ),
  fromSchema(
    'invalid-port',
    'Text that is no port',
    'A port is a number from 0 to 65535 in quotes, or the name of a container port.',
  ),
  fromSchema(
    'invalid-fqdn',
    'Text that is no DNS name',
    'matchName is a name, matchPattern a name with *. Neither has a scheme, a port or a path, and neither is a regular expression.',
  ),
  fromSchema(
    'invalid-label',
    'Text that cannot be a label key or value',
    'Values have at most 63 letters, digits, - _ and ., with a letter or digit at both ends; keys have an optional prefix.',
  ),
  fromSchema(
    'wrong-format',
    'Text in a form that the field does not take',
    'The API server checks the form of names, logs and server names.',
  ),
  metadata,
]
