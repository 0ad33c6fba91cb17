// The story behind the project: from four policies and one new line, quick fixes alone lead to a Hubble that shows flows. Cilium's own engine is asked after every step.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import type { Version } from '../../server/src/model/version.ts'
import { check } from '../../server/src/rules/check.ts'
import { applyEdits } from '../../server/src/syntax/apply.ts'
import { parseFile, parseWhole } from '../../server/src/syntax/parse.ts'
import { inventoryFromFile } from '../../server/src/workspace/collect.ts'
import { DEFAULTS } from '../../server/src/workspace/settings.ts'
import type { Snapshot } from '../../server/src/workspace/snapshot.ts'
import { goMissing, goProgram } from '../conformance/goProgram.ts'
import type { Asked, Question } from '../conformance/verdicts/generate.ts'
import { startOracle } from '../conformance/verdicts/oracle.ts'
import { accepted, answers } from '../conformance/verdicts/ours.ts'

const INVENTORY = readFileSync(fileURLToPath(new URL('../../examples/inventory.yaml', import.meta.url)), 'utf8')

const policy = (name: string, account: string, entities: readonly string[], namespace = 'kube-system') =>
  `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  endpointSelector:
    matchLabels:
      io.cilium.k8s.policy.serviceaccount: ${account}
  egress:
    - toEntities:
${entities.map(e => `        - ${e}\n`).join('')}`

const RELAY = 'sa:kube-system/hubble-relay'
const UI = 'sa:kube-system/hubble-ui'
const DNS = 'sa:kube-system/coredns'
const STORAGE = 'sa:local-path-storage/local-path-provisioner-service-account'
const API = 'entity:kube-apiserver'
const WORLD = 'entity:world'
const AGENTS = 'kube-system/cilium'

type Ends = readonly [from: string, to: string, port: string]

/** All traffic that the story tells of, and what must not open beside it. */
const FLOWS: readonly Ends[] = [
  [UI, RELAY, '4245/TCP'],
  [RELAY, UI, '8081/TCP'],
  [DNS, UI, '8081/TCP'],
  [DNS, RELAY, '4245/TCP'],
  [STORAGE, RELAY, '4245/TCP'],
  [RELAY, AGENTS, '4244/TCP'],
  [UI, AGENTS, '4244/TCP'],
  ...[UI, RELAY, STORAGE].flatMap(from => ['53/UDP', '53/TCP'].map(port => [from, DNS, port] as const)),
  ...[UI, RELAY, DNS, STORAGE].map(from => [from, API, '6443/TCP'] as const),
  ...[UI, RELAY, DNS, STORAGE].flatMap(from => ['443/TCP', '53/UDP'].map(port => [from, WORLD, port] as const)),
  ['kube-system/kube-apiserver-kind-control-plane', 'kube-system/cilium-ddd12', '4244/TCP'],
]

/** One step of the story: files that somebody writes, or the quick fix of the first problem of a rule. */
interface Step {
  readonly tells: string
  readonly writes?: Readonly<Record<string, string>>
  /** The rule, and the file of the problem. */
  readonly mends?: readonly [rule: string, file: string]
  /** What passes from now on. */
  readonly opens: readonly Ends[]
  /** What its source may send and its destination does not let in. */
  readonly half?: readonly Ends[]
  /** The rules that speak afterwards. */
  readonly codes: readonly string[]
}

const STORY: readonly Step[] = [
  {
    tells: 'pods on the host network are fine, all others are closed',
    writes: {},
    opens: [['kube-system/kube-apiserver-kind-control-plane', 'kube-system/cilium-ddd12', '4244/TCP']],
    codes: [],
  },
  {
    tells: 'coredns and local-path-provisioner reach the API server',
    writes: {
      'core-dns.yaml': policy('core-dns', 'coredns', ['kube-apiserver']),
      'local-path-provisioner.yaml': policy(
        'local-path-provisioner',
        'local-path-provisioner-service-account',
        ['kube-apiserver'],
        'local-path-storage',
      ),
    },
    opens: [
      [DNS, API, '6443/TCP'],
      [STORAGE, API, '6443/TCP'],
    ],
    codes: ['dns-missing'],
  },
  {
    tells: 'hubble-relay reaches the agents, and with them the API server, which is on nodes too',
    writes: { 'hubble-relay.yaml': policy('hubble-relay', 'hubble-relay', ['host', 'remote-node']) },
    opens: [
      [RELAY, AGENTS, '4244/TCP'],
      [RELAY, API, '6443/TCP'],
    ],
    codes: ['dns-missing'],
  },
  {
    tells: 'hubble-ui reaches the API server, and shows no flows',
    writes: { 'hubble-ui.yaml': policy('hubble-ui', 'hubble-ui', ['kube-apiserver']) },
    opens: [[UI, API, '6443/TCP']],
    codes: ['dns-missing'],
  },
  {
    tells: 'egress to hubble-relay alone is not enough',
    writes: {
      'hubble-ui.yaml': `${policy('hubble-ui', 'hubble-ui', ['kube-apiserver'])}    - toEndpoints:
        - matchLabels:
            io.cilium.k8s.policy.serviceaccount: hubble-relay
`,
    },
    opens: [],
    half: [[UI, RELAY, '4245/TCP']],
    codes: ['counterpart-missing', 'dns-missing', 'dns-missing'],
  },
  {
    tells: 'authorised on both sides, hubble-ui reaches hubble-relay, but cannot look it up',
    mends: ['counterpart-missing', 'hubble-ui.yaml'],
    opens: [[UI, RELAY, '4245/TCP']],
    codes: ['dns-missing', 'dns-missing'],
  },
  {
    tells: 'hubble-ui looks names up: again a change on both sides',
    mends: ['dns-missing', 'hubble-ui.yaml'],
    opens: [
      [UI, DNS, '53/UDP'],
      [UI, DNS, '53/TCP'],
    ],
    codes: ['dns-missing'],
  },
  {
    tells: 'coredns reaches the outside, and nothing is dropped any more',
    mends: ['dns-missing', 'core-dns.yaml'],
    opens: [
      [DNS, WORLD, '443/TCP'],
      [DNS, WORLD, '53/UDP'],
    ],
    codes: [],
  },
]

/** The world after a step. */
interface State {
  readonly step: Step
  readonly snapshot: Snapshot
  /** The flows that pass by now. */
  readonly open: readonly Ends[]
}

function* replay(version: Version): Iterable<State> {
  let texts: Readonly<Record<string, string>> = {}
  let open: readonly Ends[] = []
  for (const step of STORY) {
    texts = step.mends ? mended(world(texts, version), step.mends) : { ...texts, ...step.writes }
    open = [...open, ...step.opens]
    yield { step, snapshot: world(texts, version), open }
  }
}

function world(texts: Readonly<Record<string, string>>, version: Version): Snapshot {
  const files = Object.entries(texts).map(([name, text]) => parseFile(`file:///w/${name}`, undefined, text))
  return {
    files: new Map(files.map(f => [f.uri, f])),
    inventories: [inventoryFromFile(parseWhole('file:///inventory.yaml', INVENTORY))],
    settings: { ...DEFAULTS, ciliumVersion: version },
  }
}

/** The texts after the preferred quick fix of that rule's first problem in that file. */
function mended(snapshot: Snapshot, [rule, name]: readonly [string, string]): Readonly<Record<string, string>> {
  const documents = snapshot.files.get(`file:///w/${name}`)?.documents ?? []
  const [fix] = documents.flatMap(d => check(snapshot, d)).find(p => p.code === rule)?.fixes ?? []
  assert.ok(fix?.preferred, `no fix for ${rule}`)
  const edits = fix.edits()
  return Object.fromEntries([...snapshot.files.values()].map(f => [f.uri.slice(10), applyEdits(f, edits) ?? f.text]))
}

const codes = (snapshot: Snapshot): readonly string[] =>
  [...snapshot.files.values()].flatMap(f => f.documents.flatMap(d => check(snapshot, d).map(p => p.code)))

function questionAbout(version: Version): Question {
  const flows = FLOWS.map(([from, to, port], i): Asked => ({ id: String(i), from, to, port }))
  return {
    id: 'story',
    config: {
      mode: 'always',
      cluster: 'default',
      localCluster: version !== '1.18',
      ipv6: false,
      nodeLabels: false,
      hostFirewall: false,
      cidrMatch: [],
    },
    inventory: parse(INVENTORY),
    files: {},
    flows,
  }
}

/** The oldest and the newest whose engine can be asked. */
const VERSIONS: readonly Version[] = ['1.18', '1.20']

const words = (flows: readonly Ends[]): readonly string[] => flows.map(f => f.join(' ')).sort()

for (const version of VERSIONS)
  test(`the story, replayed with Cilium ${version}`, () => {
    for (const { step, snapshot, open } of replay(version)) {
      const said = answers(snapshot, questionAbout(version))
      assert.deepEqual(words(FLOWS.filter((_, i) => said[i]?.verdict === 'allowed')), words(open), step.tells)
      const half = FLOWS.filter((_, i) => said[i]?.egress === 'allowed' && said[i]?.ingress === 'denied')
      assert.deepEqual(words(half), words(step.half ?? []), step.tells)
      assert.deepEqual([...codes(snapshot)].sort(), step.codes, step.tells)
    }
  })

const skip = goMissing() ?? false

for (const version of VERSIONS)
  test(`Cilium ${version} says the same after every step of the story`, { skip }, async () => {
    const oracle = startOracle(await goProgram({ command: 'verdict', minor: version }))
    try {
      const question = questionAbout(version)
      for (const { step, snapshot, open } of replay(version)) {
        const theirs = await oracle.ask(question, accepted(snapshot))
        assert.deepEqual(
          words(FLOWS.filter((_, i) => theirs[i]?.verdict.join() === 'allowed')),
          words(open),
          step.tells,
        )
        const ours = answers(snapshot, question)
        for (const [i, flow] of FLOWS.entries())
          for (const side of ['egress', 'ingress', 'verdict'] as const)
            assert.deepEqual([ours[i]?.[side]], theirs[i]?.[side], `${step.tells}: ${side} of ${flow.join(' ')}`)
      }
    } finally {
      oracle.stop()
    }
  })

test('coredns gets the world beside the API server', () => {
  const [last] = [...replay('1.20')].slice(-1)
  assert.match(last?.snapshot.files.get('file:///w/core-dns.yaml')?.text ?? '', / {8}- kube-apiserver\n {8}- world\n/)
})
