// Kubernetes objects for a real API server, with much in them that nobody is to see again.

/** Texts that must not come out of a cluster. */
export const PRIVATE = ['private-env-value', 'private-annotation', 'private-config-value', 'private-manager']

export const named = (name: string, namespace?: string, labels: Record<string, string> = {}) => ({
  metadata: { name, ...(namespace ? { namespace } : {}), labels, annotations: { note: 'private-annotation' } },
})

export const POD = (name: string, namespace: string, labels: Record<string, string> = {}, account = name) => ({
  ...named(name, namespace, labels),
  spec: {
    serviceAccountName: account,
    containers: [
      {
        name: 'main',
        image: 'app',
        env: [{ name: 'PASSWORD', value: 'private-env-value' }],
        ports: [{ name: 'http', containerPort: 8080 }, { containerPort: 9090 }],
      },
    ],
  },
})

/** The text of a policy of shop/web, which may reach the pods with that label. */
export const webTo = (label: string): string => `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata:
  name: web
  namespace: shop
spec:
  endpointSelector:
    matchLabels:
      app: web
  egress:
    - toEndpoints:
        - matchLabels:
            ${label}
`

export const POLICY = (name: string, namespace: string, spec: object) => ({
  apiVersion: 'cilium.io/v2',
  kind: 'CiliumNetworkPolicy',
  ...named(name, namespace),
  spec,
})

export const CONFIG = (data: Record<string, string>) => ({
  ...named('cilium-config', 'kube-system'),
  data: { ...data, 'some-password': 'private-config-value' },
})

export const AGENT = (image: string) => ({
  ...named('cilium', 'kube-system', { 'k8s-app': 'cilium' }),
  spec: {
    selector: { matchLabels: { 'k8s-app': 'cilium' } },
    template: {
      metadata: { labels: { 'k8s-app': 'cilium' } },
      spec: {
        containers: [{ name: 'cilium-agent', image, env: [{ name: 'PASSWORD', value: 'private-env-value' }] }],
      },
    },
  },
})

/** What an agent writes of a pod. */
export const CILIUM_ENDPOINT = (name: string, namespace: string, labels: readonly string[]) => ({
  apiVersion: 'cilium.io/v2',
  kind: 'CiliumEndpoint',
  ...named(name, namespace),
  status: { identity: { id: 4711, labels }, 'named-ports': [{ name: 'renamed', port: 8080, protocol: 'TCP' }] },
})

const RBAC = '/apis/rbac.authorization.k8s.io/v1'

/** Where roles and bindings are created, and a binding of a user to a role. */
export const ROLES = `${RBAC}/clusterroles`
export const BINDINGS = `${RBAC}/clusterrolebindings`
export const BINDING = (user: string, role: string) => ({
  metadata: { name: `${user}-${role}` },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
  subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: user }],
})
