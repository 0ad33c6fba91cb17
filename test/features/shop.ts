// A small cluster as kubectl prints it: a shop, DNS, two nodes, a group of networks.

export const SHOP = `apiVersion: v1
kind: List
items:
  - {apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {team: store}}}
  - {apiVersion: v1, kind: Namespace, metadata: {name: kube-system}}
  - {apiVersion: v1, kind: Namespace, metadata: {name: empty}}
  - {apiVersion: v1, kind: ServiceAccount, metadata: {name: web, namespace: shop}}
  - {apiVersion: v1, kind: ServiceAccount, metadata: {name: cart, namespace: shop}}
  - {apiVersion: v1, kind: ServiceAccount, metadata: {name: unused, namespace: shop}}
  - {apiVersion: v1, kind: ServiceAccount, metadata: {name: coredns, namespace: kube-system}}
  - apiVersion: v1
    kind: Pod
    metadata: {name: web-1, namespace: shop, labels: {app: web, tier: front, pod-template-hash: abc}}
    spec:
      serviceAccountName: web
      nodeName: node-1
      containers: [{name: c, ports: [{name: http, containerPort: 8080}]}]
    status: {phase: Running, podIP: 10.1.0.1}
  - apiVersion: v1
    kind: Pod
    metadata: {name: cart-1, namespace: shop, labels: {app: cart, tier: back}}
    spec:
      serviceAccountName: cart
      nodeName: node-2
      containers: [{name: c, ports: [{name: grpc, containerPort: 9090}]}]
    status: {phase: Running, podIP: 10.1.0.2}
  - apiVersion: v1
    kind: Pod
    metadata: {name: coredns-1, namespace: kube-system, labels: {k8s-app: kube-dns}}
    spec:
      serviceAccountName: coredns
      nodeName: node-1
      containers: [{name: c, ports: [{name: dns, containerPort: 53, protocol: UDP}, {name: dns-tcp, containerPort: 53}]}]
    status: {phase: Running, podIP: 10.1.0.3}
  - apiVersion: v1
    kind: Service
    metadata: {name: cart, namespace: shop}
    spec: {selector: {app: cart}, ports: [{name: grpc, port: 80, targetPort: grpc}]}
  - apiVersion: v1
    kind: Service
    metadata: {name: kube-dns, namespace: kube-system}
    spec: {selector: {k8s-app: kube-dns}, clusterIP: 10.96.0.10, ports: [{port: 53, protocol: UDP}]}
  - apiVersion: v1
    kind: Node
    metadata: {name: node-1, labels: {zone: a, node-role.kubernetes.io/control-plane: ""}}
    status: {addresses: [{type: InternalIP, address: 10.0.0.1}]}
  - apiVersion: v1
    kind: Node
    metadata: {name: node-2, labels: {zone: b}}
    status: {addresses: [{type: InternalIP, address: 10.0.0.2}]}
  - apiVersion: cilium.io/v2
    kind: CiliumCIDRGroup
    metadata: {name: partners}
    spec: {externalCIDRs: [192.0.2.0/24, 198.51.100.0/24]}
`
