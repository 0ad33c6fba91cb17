// Writes docs/cluster-role.yaml, the permission to read what the product reads (`--check`: only compares).

import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { KINDS, type Kind } from './kinds.ts'

/** A ClusterRole for get, list and watch of every kind, as YAML. */
export function clusterRole(): string {
  const groups = new Map<string, Kind[]>()
  for (const kind of KINDS) {
    const { group, name } = kind.permission
    const key = `${group} ${name ?? ''}`
    groups.set(key, [...(groups.get(key) ?? []), kind])
  }
  return `# What Cilium Policy reads of a cluster: get, list and watch, never Secrets. \`npm run generate\` writes this file.
# Give it to a group of people:
#   kubectl apply -f cluster-role.yaml
#   kubectl create clusterrolebinding cilium-policy-reader --clusterrole=cilium-policy-reader --group=GROUP
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: cilium-policy-reader
rules:
${[...groups.values()].map(rule).join('')}`
}

function rule(kinds: readonly Kind[]): string {
  const [first] = kinds
  const { group = '', name } = first?.permission ?? {}
  const lines = [
    `  - apiGroups: ["${group}"]`,
    '    resources:',
    ...kinds.map(({ permission }) => `      - ${permission.resource}`),
    ...(name === undefined ? [] : [`    resourceNames: ["${name}"]`]),
    '    verbs: ["get", "list", "watch"]',
    '',
  ]
  return lines.join('\n')
}

if (import.meta.main) {
  const path = fileURLToPath(new URL('../../../docs/cluster-role.yaml', import.meta.url))
  const made = clusterRole()
  if (process.argv.includes('--check')) {
    if (readFileSync(path, 'utf8') !== made) {
      console.log(`${path} is stale: run npm run generate`)
      process.exitCode = 1
    }
  } else writeFileSync(path, made)
}
