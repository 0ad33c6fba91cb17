// What a policy is made of, as the generator sees it: fields, kinds of values, and which fields go together.
import type { Random } from './random.ts'
import type { Kind } from './values.ts'

/** Where in a policy the growing is. */
export interface Context {
  readonly clusterwide: boolean
  readonly loose: boolean
  readonly egress: boolean
  readonly deny: boolean
  readonly host: boolean
  /** The L7 rules of the port rule that is being grown. */
  readonly l7: string
  /** The operator that goes with `values`. */
  readonly operator: string
}

export type Shape = Leaf | Items | Fields | Labels
/** A value of a kind; `fixed` decides it where the context does. */
export interface Leaf {
  readonly leaf: Kind
  readonly fixed?: (context: Context) => string | undefined
}
export interface Items {
  readonly items: Shape
  readonly most?: number
}
/** A map from label keys to label values. */
export interface Labels {
  readonly labels: true
}
export interface Fields {
  readonly fields: Readonly<Record<string, Shape>>
  /** The fields of one object; `must` is among them when it is given. */
  readonly pick: (random: Random, context: Context, must: string) => readonly string[]
  /** What the fields say about those below; `path` is the rest of the forced path. */
  readonly enter?: (
    context: Context,
    picked: { keys: readonly string[]; path: readonly string[]; random: Random },
  ) => Context
}

const leaf = (kind: Kind): Leaf => ({ leaf: kind })
const items = (shape: Shape, most = 2): Items => ({ items: shape, most })
const LABELS: Labels = { labels: true }

/** One of `choices`, or the forced one if it is among them. */
const one = (random: Random, must: string, choices: readonly string[]): string =>
  choices.includes(must) ? must : random.pick(choices)
const some = (random: Random, must: string, chances: Readonly<Record<string, number>>): string[] =>
  Object.entries(chances)
    .filter(([key, p]) => key === must || random.chance(p))
    .map(([key]) => key)

const expression: Fields = {
  fields: {
    key: leaf('labelKey'),
    operator: { leaf: 'operator', fixed: context => context.operator || undefined },
    values: items(leaf('labelValue')),
  },
  pick: (random, _context, must) => ['key', 'operator', ...(must === 'values' || random.chance(0.5) ? ['values'] : [])],
  enter: (context, { keys, path, random }) => ({
    ...context,
    operator:
      path[0] === 'operator' ? '' : random.pick(keys.includes('values') ? ['In', 'NotIn'] : ['Exists', 'DoesNotExist']),
  }),
}

const selector: Fields = {
  fields: { matchLabels: LABELS, matchExpressions: items(expression) },
  pick: (random, _context, must) => some(random, must, { matchLabels: 0.7, matchExpressions: 0.3 }),
}

const cidrItem: Fields = {
  fields: {
    cidr: leaf('cidr'),
    cidrGroupRef: leaf('name'),
    cidrGroupSelector: selector,
    except: items(leaf('except')),
  },
  pick: (random, _context, must) => {
    const form =
      must === 'except' ? 'cidr' : one(random, must, random.chance(0.85) ? ['cidr'] : ['cidr', 'cidrGroupRef'])
    const source = ['cidrGroupRef', 'cidrGroupSelector'].includes(must) ? must : form
    return [source, ...(must === 'except' ? ['except'] : [])]
  },
}

const group: Fields = {
  fields: {
    aws: {
      fields: {
        labels: LABELS,
        securityGroupsIds: items(leaf('anything')),
        securityGroupsNames: items(leaf('anything')),
        region: leaf('anything'),
      },
      pick: (random, _context, must) =>
        some(random, must, { labels: 0.5, securityGroupsIds: 0.5, securityGroupsNames: 0.2, region: 0.2 }),
    },
  },
  pick: () => ['aws'],
}

const service: Fields = {
  fields: {
    k8sService: {
      fields: { serviceName: leaf('name'), namespace: leaf('name') },
      pick: (random, _context, must) => some(random, must, { serviceName: 0.9, namespace: 0.6 }),
    },
    k8sServiceSelector: {
      fields: { selector, namespace: leaf('name') },
      pick: (random, _context, must) => some(random, must, { selector: 1, namespace: 0.5 }),
    },
  },
  pick: (random, _context, must) => [one(random, must, ['k8sService', 'k8sServiceSelector'])],
}

const secret: Fields = {
  fields: { name: leaf('filled'), namespace: leaf('secretNamespace') },
  pick: (random, _context, must) => some(random, must, { name: 1, namespace: 0.6 }),
}
const tls: Fields = {
  fields: { secret, trustedCA: leaf('anything'), certificate: leaf('anything'), privateKey: leaf('anything') },
  pick: (random, _context, must) =>
    some(random, must, { secret: 1, trustedCA: 0.2, certificate: 0.2, privateKey: 0.2 }),
}

const fqdn: Fields = {
  fields: { matchName: leaf('matchName'), matchPattern: leaf('matchPattern') },
  pick: (random, _context, must) => [one(random, must, ['matchName', 'matchPattern'])],
}

const http: Fields = {
  fields: {
    path: leaf('regex'),
    method: leaf('regex'),
    host: leaf('host'),
    headers: items(leaf('anything')),
    headerMatches: items({
      fields: { name: leaf('filled'), value: leaf('anything'), secret, mismatch: leaf('mismatch') },
      pick: (random, _context, must) => some(random, must, { name: 1, value: 0.6, secret: 0.2, mismatch: 0.4 }),
    }),
  },
  pick: (random, _context, must) =>
    some(random, must, { path: 0.8, method: 0.7, host: 0.2, headers: 0.1, headerMatches: 0.15 }),
}

const kafka: Fields = {
  fields: {
    role: leaf('role'),
    apiKey: leaf('apiKey'),
    apiVersion: leaf('apiVersion'),
    clientID: leaf('clientID'),
    topic: leaf('topic'),
  },
  pick: (random, _context, must) => [
    one(random, must, ['role', 'apiKey']),
    ...some(random, must, { apiVersion: 0.3, clientID: 0.3, topic: 0.6 }),
  ],
}

const rules: Fields = {
  fields: { http: items(http), dns: items(fqdn), kafka: items(kafka), l7proto: leaf('anything'), l7: items(LABELS) },
  pick: (random, context, must) => {
    const kind = must || context.l7
    return kind === 'l7' || kind === 'l7proto'
      ? ['l7proto', ...(kind === 'l7' || random.chance(0.5) ? ['l7'] : [])]
      : [kind]
  },
}

const portProtocol: Fields = {
  fields: {
    port: leaf('port'),
    endPort: leaf('endPort'),
    protocol: { leaf: 'protocol', fixed: context => (context.l7 && context.l7 !== 'dns' ? 'TCP' : undefined) },
  },
  pick: (random, context, must) => [
    'port',
    ...(must === 'endPort' || (random.chance(0.08) && !context.l7) ? ['endPort'] : []),
    ...(must === 'protocol' || random.chance(0.8) || context.l7 ? ['protocol'] : []),
  ],
}

const portRule: Fields = {
  fields: {
    ports: items(portProtocol, 3),
    rules,
    serverNames: items(leaf('serverName')),
    terminatingTLS: tls,
    originatingTLS: tls,
    listener: {
      fields: {
        envoyConfig: {
          fields: { kind: leaf('envoyKind'), name: leaf('filled') },
          pick: (random, _context, must) => some(random, must, { kind: 0.6, name: 1 }),
        },
        name: leaf('filled'),
        priority: leaf('priority'),
      },
      pick: (random, _context, must) => some(random, must, { envoyConfig: 1, name: 1, priority: 0.4 }),
    },
  },
  pick: (random, context, must) => {
    const picked = some(random, must, { ports: 0.97 })
    if (context.deny) return picked
    const extra = ['rules', 'serverNames', 'terminatingTLS', 'originatingTLS', 'listener'].includes(must)
      ? must
      : random.chance(context.host ? 0 : 0.35)
        ? random.pick(
            ['rules', 'rules', 'rules', 'serverNames', 'terminatingTLS', 'originatingTLS'].concat(
              context.egress ? ['listener'] : [],
            ),
          )
        : ''
    if (extra === 'rules' && !picked.includes('ports')) picked.push('ports')
    if (extra) picked.push(extra)
    return picked
  },
  enter: (context, { keys, path, random }) => ({
    ...context,
    l7: !keys.includes('rules')
      ? ''
      : path[0] === 'rules' && path[1]
        ? path[1]
        : random.pick(['http', 'http', ...(context.egress ? ['dns', 'dns'] : [])]),
  }),
}

const icmpRule: Fields = {
  fields: {
    fields: items(
      {
        fields: { family: leaf('family'), type: leaf('icmpType') },
        pick: (random, _context, must) => some(random, must, { family: 0.5, type: 1 }),
      },
      3,
    ),
  },
  pick: () => ['fields'],
}

const authentication: Fields = { fields: { mode: leaf('mode') }, pick: () => ['mode'] }

function direction(egress: boolean, deny: boolean): Fields {
  const to = egress ? 'to' : 'from'
  const peers: Record<string, Shape> = {
    [`${to}Endpoints`]: items(selector),
    [`${to}CIDR`]: items(leaf('cidr')),
    [`${to}CIDRSet`]: items(cidrItem),
    [`${to}Entities`]: items(leaf('entity')),
    [`${to}Groups`]: items(group),
  }
  const ordinary = Object.keys(peers)
  if (egress) Object.assign(peers, { toServices: items(service), ...(deny ? {} : { toFQDNs: items(fqdn) }) })
  Object.assign(peers, { [`${to}Nodes`]: items(selector), [`${to}Requires`]: items(selector) })
  if (egress && !deny) ordinary.push('toFQDNs', 'toFQDNs')
  return {
    fields: { ...peers, toPorts: items(portRule), icmps: items(icmpRule), ...(deny ? {} : { authentication }) },
    pick: (random, _context, must) => {
      const peer = must in peers ? must : random.chance(0.85) ? random.pick([...ordinary, `${to}Endpoints`]) : ''
      const port = ['toPorts', 'icmps'].includes(must)
        ? must
        : random.chance(0.65)
          ? random.chance(0.85)
            ? 'toPorts'
            : 'icmps'
          : ''
      const mode = !deny && (must === 'authentication' || random.chance(0.05)) ? 'authentication' : ''
      return [peer, port === 'toPorts' && peer === 'toServices' ? '' : port, mode].filter(Boolean)
    },
    enter: context => ({ ...context, egress, deny }),
  }
}

const SECTIONS = ['ingress', 'egress', 'ingressDeny', 'egressDeny']
const rule: Fields = {
  fields: {
    endpointSelector: selector,
    nodeSelector: selector,
    ingress: items(direction(false, false)),
    egress: items(direction(true, false)),
    ingressDeny: items(direction(false, true)),
    egressDeny: items(direction(true, true)),
    enableDefaultDeny: {
      fields: { ingress: leaf('boolean'), egress: leaf('boolean') },
      pick: (random, _context, must) => some(random, must, { ingress: 0.7, egress: 0.7 }),
    },
    labels: items({
      fields: { key: leaf('anything'), value: leaf('anything'), source: leaf('anything') },
      pick: (random, _context, must) => some(random, must, { key: 1, value: 0.7, source: 0.3 }),
    }),
    description: leaf('anything'),
    log: { fields: { value: leaf('logValue') }, pick: () => ['value'] },
  },
  pick: (random, context, must) => {
    const extra = some(random, must, { enableDefaultDeny: 0.06, labels: 0.06, description: 0.1, log: 0 })
    const host = must === 'nodeSelector' || (context.clusterwide && must === '' && random.chance(0.15))
    const sections = [one(random, must, SECTIONS), ...(random.chance(0.3) ? [random.pick(SECTIONS)] : [])]
    return [...extra, host ? 'nodeSelector' : 'endpointSelector', ...new Set(sections)]
  },
  enter: (context, { keys }) => ({ ...context, host: keys.includes('nodeSelector') }),
}

/** A policy below `apiVersion` and `kind`. */
export const POLICY: Fields = {
  fields: {
    metadata: {
      fields: { name: leaf('name'), namespace: leaf('name'), labels: LABELS, annotations: LABELS },
      pick: (random, context, must) =>
        some(random, must, { name: 1, namespace: context.clusterwide ? 0.02 : 0.6, labels: 0.15, annotations: 0.1 }),
    },
    spec: rule,
    specs: items(rule),
  },
  pick: (random, _context, must) => [
    'metadata',
    must === 'specs' || (must !== 'spec' && random.chance(0.08)) ? 'specs' : 'spec',
  ],
}

/** Every path from the root of a policy to a field or an item; `[]` is an item, `*` a label's value and `@` a label's key. */
export function paths(shape: Shape = POLICY, before: readonly string[] = []): (readonly string[])[] {
  if ('leaf' in shape) return [before]
  if ('labels' in shape) return [before, [...before, '*'], [...before, '@']]
  if ('items' in shape) return [before, ...paths(shape.items, [...before, '[]'])]
  const below = Object.entries(shape.fields)
    .filter(([key]) => key !== 'specs')
    .flatMap(([key, child]) => paths(child, [...before, key]))
  return before.length > 0 ? [before, ...below] : below
}

/** The kind of value at the end of a path; undefined where there is a map or a list. */
export function kindAt(path: readonly string[]): Kind | undefined {
  let shape: Shape | undefined = POLICY
  for (const step of path) {
    if (step === '*') return 'labelValue'
    if (step === '@') return 'labelKey'
    if (!shape) return undefined
    shape = 'items' in shape ? shape.items : 'fields' in shape ? shape.fields[step] : undefined
  }
  return shape && 'leaf' in shape ? shape.leaf : undefined
}
