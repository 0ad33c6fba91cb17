// Policies, workloads and pods to measure with: always the same for the same numbers, varied as people write them.

import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const APPS = ['web', 'cart', 'orders', 'payments', 'search', 'mail', 'auth', 'images', 'queue', 'reports'] as const

/** Namespaces that the corpus of that many policies is spread over. */
export function namespaces(policies: number): number {
  return Math.max(1, Math.ceil(policies / 100))
}

const pick = <T>(list: readonly T[], i: number): T => list[i % list.length] as T
const app = (i: number): string => `${pick(APPS, i)}-${Math.floor(i / APPS.length) % 10}`

/** The i-th policy; every 50th has a mistake, and one in six is clusterwide. */
export function policy(i: number, spread: number): string {
  const namespace = `team-${i % spread}`
  const clusterwide = i % 6 === 5
  const entity = i % 50 === 49 ? 'wrld' : 'world'
  return `# Who may talk to ${app(i)}, and to whom it talks
apiVersion: cilium.io/v2
kind: ${clusterwide ? 'CiliumClusterwideNetworkPolicy' : 'CiliumNetworkPolicy'}
metadata:
  name: ${app(i)}-${i}
${clusterwide ? '' : `  namespace: ${namespace}\n`}  labels:
    app.kubernetes.io/name: ${app(i)}
    app.kubernetes.io/part-of: shop
spec:
  description: "Traffic of ${app(i)} in ${namespace}"
  endpointSelector:
    matchLabels:
      app.kubernetes.io/name: ${app(i)}
${clusterwide ? `      k8s:io.kubernetes.pod.namespace: ${namespace}\n` : ''}${ingress(i)}${egress(i, spread)}    - toEntities:
        - ${entity}
        - kube-apiserver
      toPorts:
        - ports:
            - port: "443"
              protocol: TCP
`
}

function ingress(i: number): string {
  const http = `          rules:
            http:
              - method: GET
                path: "/api/v1/.*"
`
  return `  ingress:
    # the callers of the same team
    - fromEndpoints:
        - matchLabels:
            app.kubernetes.io/name: ${app(i + 1)}
      toPorts:
        - ports:
            - port: "8080"
              protocol: TCP
${i % 7 === 0 ? http : ''}    - fromEntities:
        - host
        - remote-node
`
}

function egress(i: number, spread: number): string {
  const dns = `    - toEndpoints:
        - matchLabels:
            k8s:io.kubernetes.pod.namespace: kube-system
            k8s-app: kube-dns
      toPorts:
        - ports:
            - port: "53"
              protocol: ANY
          rules:
            dns:
              - matchPattern: "*"
`
  const name = `    - toFQDNs:
        - matchName: api-${i % 40}.example.com
        - matchPattern: "*.cdn-${i % 9}.example.com"
`
  const network = `    - toCIDRSet:
        - cidr: 10.${i % 200}.0.0/16
          except: [10.${i % 200}.7.0/24]
`
  return `  egress:
    - toEndpoints:
        - matchLabels:
            k8s:io.kubernetes.pod.namespace: team-${(i + 1) % spread}
            app.kubernetes.io/name: ${app(i + 2)}
      toPorts:
        - ports:
            - port: "8080"
              protocol: TCP
${i % 3 === 0 ? dns + name : ''}${i % 5 === 0 ? network : ''}`
}

/** A file of that many policies. */
export function policyFile(count: number): string {
  return Array.from({ length: count }, (_, i) => policy(i, namespaces(count))).join('---\n')
}

/** A Deployment of an application. */
export function deployment(i: number, spread: number): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${app(i)}
  namespace: team-${i % spread}
spec:
  replicas: 2
  selector:
    matchLabels:
      app.kubernetes.io/name: ${app(i)}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: ${app(i)}
    spec:
      serviceAccountName: ${app(i)}
      containers:
        - name: main
          image: registry.example.com/${app(i)}:1.${i}
          ports:
            - name: http
              containerPort: 8080
`
}

/** A pod as `kubectl get pods -o yaml` prints it. */
export function pod(i: number, spread: number): string {
  return `apiVersion: v1
kind: Pod
metadata:
  name: ${app(i)}-${i}
  namespace: team-${i % spread}
  labels:
    app.kubernetes.io/name: ${app(i)}
spec:
  serviceAccountName: ${app(i)}
  nodeName: node-${i % 20}
  containers:
    - name: main
      image: registry.example.com/${app(i)}:1.${i}
      ports:
        - name: http
          containerPort: 8080
          protocol: TCP
status:
  phase: Running
  podIPs:
    - ip: 10.${(i >> 16) % 256}.${(i >> 8) % 256}.${i % 256}
`
}

/** The same pod with a label that no other one has. */
export const distinctPod = (i: number, spread: number): string =>
  pod(i, spread).replace('  labels:\n', `  labels:\n    apps.kubernetes.io/pod-index: "${i}"\n`)

/** An inventory file of that many pods, each as `make` makes it. */
export function inventory(pods: number, spread: number, make = pod): string {
  const names = Array.from(
    { length: spread },
    (_, i) => `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: team-${i}\n`,
  )
  return [...names, ...Array.from({ length: pods }, (_, i) => make(i, spread))].join('---\n')
}

/** Files of a repository: two policies a file, in a folder for each team; a deployment for every tenth policy. */
export function repository(count: number): ReadonlyMap<string, string> {
  const files = new Map<string, string>()
  const spread = namespaces(count)
  for (let i = 0; i < count; i += 2) {
    const two = [i, i + 1].filter(k => k < count).map(k => policy(k, spread))
    files.set(`team-${i % spread}/${app(i)}/netpol-${i}.yaml`, two.join('---\n'))
    if (i % 10 === 0) files.set(`team-${i % spread}/${app(i)}/deployment-${i}.yaml`, deployment(i, spread))
  }
  return files
}

/** Writes files below a folder. */
export function writeAll(folder: string, files: ReadonlyMap<string, string>): void {
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
}
