// What a policy document means to Cilium: rules, subjects, peers and ports, each leaf with the node it came from.

import type { Document } from '../syntax/file.ts'
import type { MapNode, Node, ScalarNode, SeqNode } from '../syntax/node.ts'

/** A value and where it is written. */
export interface Sourced<T> {
  readonly value: T
  readonly node: Node
}

export type Direction = 'ingress' | 'egress'
export type Section = 'ingress' | 'ingressDeny' | 'egress' | 'egressDeny'

/** One CiliumNetworkPolicy or CiliumClusterwideNetworkPolicy object (a document, or an item of a List). */
export interface Policy {
  readonly kind: 'policy'
  readonly document: Document
  /** The object itself. */
  readonly root: MapNode
  readonly clusterwide: boolean
  readonly name: Sourced<string> | undefined
  /** `metadata.namespace` as written; the effective namespace is a question to the workspace. */
  readonly namespace: Sourced<string> | undefined
  /** `spec` first, then `specs`. */
  readonly rules: readonly PolicyRule[]
}

/** One api.Rule: `spec`, or an item of `specs`. */
export interface PolicyRule {
  readonly node: MapNode
  readonly path: readonly (string | number)[]
  readonly endpointSelector: Selector | undefined
  readonly nodeSelector: Selector | undefined
  /** Only what is written as a boolean. */
  readonly enableDefaultDeny: { readonly ingress?: boolean; readonly egress?: boolean }
  /** All items of all four sections, in the order ingress, ingressDeny, egress, egressDeny. */
  readonly items: readonly RuleItem[]
  /** The section sequences that are present and are sequences. */
  readonly sections: Readonly<Partial<Record<Section, SeqNode>>>
}

/** One item of `ingress`, `ingressDeny`, `egress` or `egressDeny`. */
export interface RuleItem {
  /** The item, of whatever policy, that speaks for all with the same words in such a section: it says the same, elsewhere. Perhaps itself. */
  readonly twin: RuleItem
  readonly node: MapNode
  readonly path: readonly (string | number)[]
  readonly section: Section
  readonly direction: Direction
  readonly deny: boolean
  /** Peer members that are present and not null, in source order; an empty list is a member without peers. */
  readonly members: readonly PeerMember[]
  /** undefined: absent or null. */
  readonly toPorts: readonly PortRule[] | undefined
  readonly icmps: readonly IcmpRule[] | undefined
  readonly authentication: Sourced<string> | undefined
}

export type MemberKey =
  | 'fromEndpoints'
  | 'fromCIDR'
  | 'fromCIDRSet'
  | 'fromEntities'
  | 'fromNodes'
  | 'fromGroups'
  | 'fromRequires'
  | 'toEndpoints'
  | 'toCIDR'
  | 'toCIDRSet'
  | 'toEntities'
  | 'toNodes'
  | 'toGroups'
  | 'toServices'
  | 'toFQDNs'
  | 'toRequires'

/** One peer list of a rule item, such as `toEndpoints`. */
export interface PeerMember {
  readonly key: MemberKey
  /** The scalar that names the member (for ranges of problems). */
  readonly keyNode: ScalarNode
  readonly node: Node
  /** False when the value is no sequence: the schema has said so already. */
  readonly list: boolean
  readonly peers: readonly Peer[]
}

/** One item of a peer list. `unknown` stands for what a placeholder hides or what has a wrong type. */
export type Peer =
  | { readonly kind: 'endpoints' | 'nodes' | 'requires'; readonly selector: Selector; readonly node: Node }
  | { readonly kind: 'entity'; readonly entity: string; readonly node: Node }
  | { readonly kind: 'cidr'; readonly cidr: string; readonly node: Node }
  | {
      readonly kind: 'cidrSet'
      readonly cidr: Sourced<string> | undefined
      readonly groupRef: Sourced<string> | undefined
      readonly groupSelector: Selector | undefined
      readonly except: readonly Sourced<string>[]
      readonly node: Node
    }
  | { readonly kind: 'fqdn'; readonly fqdn: Fqdn; readonly node: Node }
  | {
      readonly kind: 'service'
      readonly service:
        | { readonly name: Sourced<string> | undefined; readonly namespace: Sourced<string> | undefined }
        | undefined
      readonly selector: { readonly selector: Selector; readonly namespace: Sourced<string> | undefined } | undefined
      readonly node: Node
    }
  | { readonly kind: 'group'; readonly node: Node }
  | { readonly kind: 'unknown'; readonly node: Node }

export interface Fqdn {
  readonly matchName: Sourced<string> | undefined
  readonly matchPattern: Sourced<string> | undefined
  readonly node: Node
}

/** A label selector as written. */
export interface Selector {
  readonly node: Node
  readonly requirements: readonly Requirement[]
  /** Something in it could not be read (placeholder, wrong type): it may match more or less than its requirements say. */
  readonly unknown: boolean
}

/** `matchLabels` entries are `In` with one value. The key is split at its first colon: source "any" when none is written. */
export interface Requirement {
  readonly source: string
  readonly key: string
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist'
  readonly values: readonly string[]
  readonly keyNode: Node
  readonly node: Node
  /** The key as written, prefix included. */
  readonly written: string
}

/** One item of `toPorts`. */
export interface PortRule {
  readonly node: Node
  readonly ports: readonly PortProtocol[] | undefined
  /** The L7 lists by kind (`http`, `dns`, `kafka`, `l7`) that are present. */
  readonly l7: readonly {
    readonly kind: string
    readonly keyNode: ScalarNode
    readonly node: Node
    readonly count: number
  }[]
  readonly dns: readonly Fqdn[]
  readonly serverNames: readonly Sourced<string>[] | undefined
  readonly listener: Node | undefined
  readonly terminatingTLS: Node | undefined
  readonly originatingTLS: Node | undefined
}

/** One port entry, read as Cilium reads it. */
export interface PortProtocol {
  readonly node: Node
  /** The text of `port`; undefined when absent or not a string. */
  readonly port: Sourced<string> | undefined
  readonly endPort: Sourced<number> | undefined
  /** As written; undefined when absent (then it means ANY). */
  readonly protocol: Sourced<string> | undefined
}

export interface IcmpRule {
  readonly node: Node
  readonly fields: readonly {
    readonly family: 'IPv4' | 'IPv6'
    readonly type: Sourced<string | number> | undefined
    readonly node: Node
  }[]
}
