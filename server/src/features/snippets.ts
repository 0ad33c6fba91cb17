// Whole policies and rules to begin with, as snippets.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: tab stops of snippets look like placeholders

/** A snippet: lines relative to the column at which it is inserted; `$1` … are its tab stops. */
export interface Snippet {
  readonly label: string
  readonly detail: string
  readonly words: string
  readonly lines: readonly string[]
}

const HEAD = (kind: string) => ['apiVersion: cilium.io/v2', `kind: ${kind}`, 'metadata:', '  name: ${1:name}']

const CNP = [...HEAD('CiliumNetworkPolicy'), '  namespace: ${2:namespace}', 'spec:']

const DNS_PEER = ['- matchLabels:', '    k8s:io.kubernetes.pod.namespace: kube-system', '    k8s-app: kube-dns']

const DNS_ITEM = [
  '- toEndpoints:',
  ...DNS_PEER.map(line => `    ${line}`),
  '  toPorts:',
  '    - ports:',
  '        - port: "53"',
  '          protocol: ANY',
  '      rules:',
  '        dns:',
  '          - matchPattern: "*"',
]

const indent = (lines: readonly string[], by: number) => lines.map(line => ' '.repeat(by) + line)

/** Whole documents. */
export const DOCUMENTS: readonly Snippet[] = [
  {
    label: 'CiliumNetworkPolicy',
    detail: 'a policy for pods of one namespace',
    words: 'Who may talk to the pods of one namespace, and to whom they may talk.',
    lines: [
      ...CNP,
      '  endpointSelector:',
      '    matchLabels:',
      '      ${3:app}: ${4:name}',
      '  ${5|ingress,egress|}:',
      '    - $0',
    ],
  },
  {
    label: 'CiliumNetworkPolicy: service account',
    detail: 'a policy for the pods of one service account',
    words: 'The pods are chosen by the account that they run as: it says who they are, whatever labels they wear.',
    lines: [
      ...CNP,
      '  endpointSelector:',
      '    matchLabels:',
      '      io.cilium.k8s.policy.serviceaccount: ${3:account}',
      '  egress:',
      '    - toEntities:',
      '        - ${4|kube-apiserver,host,world,remote-node,cluster|}$0',
    ],
  },
  {
    label: 'CiliumNetworkPolicy: default deny',
    detail: 'closes all pods of a namespace, DNS stays open',
    words:
      'Nothing comes in and nothing goes out but questions to the DNS server. Open the rest with further policies.',
    lines: [...CNP, '  endpointSelector: {}', '  ingress:', '    - {}', '  egress:', ...indent(DNS_ITEM, 4)],
  },
  {
    label: 'CiliumNetworkPolicy: names outside the cluster',
    detail: 'toFQDNs with the DNS rule that it needs',
    words: 'Cilium learns addresses from the DNS answers that it sees: the second item lets it see them.',
    lines: [
      ...CNP,
      '  endpointSelector:',
      '    matchLabels:',
      '      ${3:app}: ${4:name}',
      '  egress:',
      '    - toFQDNs:',
      '        - matchName: ${5:api.example.com}',
      '      toPorts:',
      '        - ports:',
      '            - port: "443"',
      '              protocol: TCP',
      ...indent(DNS_ITEM, 4),
    ],
  },
  {
    label: 'CiliumClusterwideNetworkPolicy',
    detail: 'a policy for pods of all namespaces',
    words: 'Chooses pods of any namespace. It has no namespace of its own.',
    lines: [
      ...HEAD('CiliumClusterwideNetworkPolicy'),
      'spec:',
      '  endpointSelector:',
      '    matchLabels:',
      '      ${2:app}: ${3:name}',
      '  ${4|ingress,egress|}:',
      '    - $0',
    ],
  },
  {
    label: 'CiliumClusterwideNetworkPolicy: nodes',
    detail: 'a policy for nodes (needs the host firewall)',
    words: 'Who may talk to the nodes themselves. Without the host firewall it does nothing.',
    lines: [
      ...HEAD('CiliumClusterwideNetworkPolicy'),
      'spec:',
      '  nodeSelector:',
      '    matchLabels:',
      '      ${2:node-role.kubernetes.io/control-plane}: "${3}"',
      '  ingress:',
      '    - fromEntities:',
      '        - ${4|cluster,host,remote-node,kube-apiserver,world|}$0',
    ],
  },
]

const PORT = ['  toPorts:', '    - ports:', '        - port: "${9:8080}"', '          protocol: ${10|TCP,UDP,ANY|}']

/** Whole items of a rule list, by its name; the dash is the first character. */
export const ITEMS: Readonly<Record<string, readonly Snippet[]>> = {
  egress: [
    {
      label: 'to the Kubernetes API server',
      detail: 'rule',
      words: 'Wherever the API server runs.',
      lines: ['- toEntities:', '    - kube-apiserver'],
    },
    {
      label: 'to the DNS server',
      detail: 'rule: names can be looked up, and toFQDNs can be used',
      words: 'DNS questions to kube-dns, seen by Cilium, so that rules with toFQDNs learn the addresses.',
      lines: DNS_ITEM,
    },
    {
      label: 'to pods on a port',
      detail: 'rule',
      words: 'Pods by their labels, in the namespace of the policy unless one is named.',
      lines: ['- toEndpoints:', '    - matchLabels:', '        ${1:app}: ${2:name}', ...PORT],
    },
    {
      label: 'to a name outside the cluster',
      detail: 'rule: needs a DNS rule beside it',
      words: 'Addresses learned from DNS answers.',
      lines: ['- toFQDNs:', '    - matchName: ${1:api.example.com}', ...PORT],
    },
  ],
  ingress: [
    {
      label: 'from pods on a port',
      detail: 'rule',
      words: 'Pods by their labels, in the namespace of the policy unless one is named.',
      lines: ['- fromEndpoints:', '    - matchLabels:', '        ${1:app}: ${2:name}', ...PORT],
    },
    {
      label: 'from the ingress proxy on a port',
      detail: 'rule: traffic from outside through Cilium Ingress or Gateway',
      words: 'The proxy of Cilium Ingress and Gateway API is where such traffic comes from.',
      lines: ['- fromEntities:', '    - ingress', ...PORT],
    },
    {
      label: 'from every pod of the namespace',
      detail: 'rule',
      words: 'An empty selector chooses the pods of the policy’s own namespace.',
      lines: ['- fromEndpoints:', '    - {}'],
    },
  ],
}
