// Snapshots from texts, and flows in words, for the tests of verdicts.

import '../../server/src/rules/check.ts'
import { findParties, parsePortQuery } from '../../server/src/engine/party.ts'
import { type FlowVerdict, verdict } from '../../server/src/engine/verdict.ts'
import { parseFile, parseWhole } from '../../server/src/syntax/parse.ts'
import { inventoryFromFile } from '../../server/src/workspace/collect.ts'
import { DEFAULTS, type Settings } from '../../server/src/workspace/settings.ts'
import type { Snapshot } from '../../server/src/workspace/snapshot.ts'

/** A snapshot of policies (one text, several documents) and an inventory. */
export function snapshotOf(policies: string, inventory: string, settings: Partial<Settings> = {}): Snapshot {
  const uri = 'file:///w/policies.yaml'
  return {
    files: new Map([[uri, parseFile(uri, undefined, policies)]]),
    inventories: inventory === '' ? [] : [inventoryFromFile(parseWhole('file:///inventory.yaml', inventory))],
    settings: { ...DEFAULTS, ...settings },
  }
}

/** The verdict of "shop/web > shop/api 8080/TCP". */
export function ask(snapshot: Snapshot, flow: string): FlowVerdict {
  const [from = '', to = '', port = ''] = flow.split(/ > | (?=\d+\/)/)
  const end = (text: string) => {
    const found = findParties(snapshot, text)
    if ('unknown' in found) throw new Error(found.unknown)
    const [party, ...more] = found.parties
    if (!party || more.length > 0) throw new Error(`${text} is not one party`)
    return party
  }
  const query = parsePortQuery(port)
  if (!query) throw new Error(`no port: ${port}`)
  return verdict(snapshot, { from: end(from), to: end(to), port: query })
}

/** "allowed: egress no-policy, ingress allow@12" (lines of the policies' text). */
export function say(snapshot: Snapshot, flow: string): string {
  const v = ask(snapshot, flow)
  const text = [...snapshot.files.values()][0]
  const side = (name: 'egress' | 'ingress') =>
    v[name].because.map(({ effect, place }) => {
      if (!place || !text) return `${name} ${effect}`
      const start = (text.starts[text.documents.indexOf(place.document)] ?? 0) + place.span.start
      return `${name} ${effect}@${text.text.slice(0, start).split('\n').length}`
    })
  return `${v.verdict}: ${[...side('egress'), ...side('ingress')].join(', ')}`
}

/** An inventory of pods "namespace/name app=value sa=account port=name:80 ip=10.0.0.1 node=n1". */
export function podsOf(...pods: readonly string[]): string {
  const names = new Set(pods.map(p => p.split('/')[0] ?? ''))
  const list = [...names].map(n => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: n, labels: { 'kubernetes.io/metadata.name': n } },
  }))
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [...list, ...pods.map(podOf)] })
}

function podOf(text: string): object {
  const [path = '', ...words] = text.split(' ')
  const [namespace, name] = path.split('/')
  const value = (key: string) => words.find(w => w.startsWith(`${key}=`))?.slice(key.length + 1)
  const plain = words.filter(w => !/^(?:sa|port|ip|node|host)=/.test(w)).map(w => w.split('='))
  const [portName, port] = value('port')?.split(':') ?? []
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels: Object.fromEntries(plain) },
    spec: {
      serviceAccountName: value('sa') ?? 'default',
      nodeName: value('node') ?? 'n1',
      hostNetwork: value('host') === 'true',
      containers: [
        { name: 'c', ports: port ? [{ name: portName, containerPort: Number(port), protocol: 'TCP' }] : [] },
      ],
    },
    status: { podIP: value('ip') },
  }
}
