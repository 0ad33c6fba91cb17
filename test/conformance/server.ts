// Compares what the Go program says of the API server with what a real one answers to a create.

import { policyKind, policyRoots } from '../../server/src/model/kinds.ts'
import type { Document } from '../../server/src/syntax/file.ts'
import { get, str } from '../../server/src/syntax/node.ts'
import { type RealServer, startRealServer } from '../cluster/realServer.ts'
import { type Answer, answers } from './accept.ts'
import { first } from './compare.ts'
import { document } from './generate.ts'

const NAMESPACES = ['web', 'team-a']
/** `kind`: with another apiVersion or kind, of two the last one, it is not taken where policies are. */
const BY_SERVER = ['yaml', 'kind', 'schema', 'strict']

/** Whether a real API server refuses the same documents; prints figures, and what differs. */
export async function agreesWithServer(seed: number, count: number): Promise<boolean> {
  const asked: Document[] = []
  for (let i = 0; asked.length < count; i++) {
    const candidate = first(document(seed, i))
    if (isComparable(candidate)) asked.push(candidate)
  }
  const said = await answers(
    '1.20',
    asked.map(d => d.text),
  )
  const server = await startRealServer()
  try {
    for (const name of NAMESPACES)
      await server.create('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
    const wrong = await differences(server, asked, said)
    console.log(`API server, seed ${seed}: ${count} documents, ${wrong.length} disagreements`)
    for (const line of wrong.slice(0, 10)) console.log(line)
    return wrong.length === 0
  } finally {
    await server.stop()
  }
}

/** Policies in a namespace that exists. A merge that is overridden is refused by the server, but resolved by tools before. */
function isComparable({ root, text }: Document): boolean {
  if (!root || policyKind(root) === undefined || text.includes('<<')) return false
  const namespace = get(get(root, 'metadata'), 'namespace')
  return namespace === undefined || [...NAMESPACES, 'default'].includes(str(namespace) ?? '')
}

async function differences(
  server: RealServer,
  asked: readonly Document[],
  said: readonly Answer[],
): Promise<readonly string[]> {
  const wrong: string[] = []
  for (const [i, document] of asked.entries()) {
    const { status, body } = await server.ask('POST', pathOf(document), document.text)
    const layer = said[i]?.layer ?? ''
    if (status >= 300 !== BY_SERVER.includes(layer))
      wrong.push(`${layer || 'accepted'}, but the server ${status}: ${JSON.stringify(body.message)}\n${document.text}`)
  }
  return wrong
}

function pathOf(document: Document): string {
  const [root] = policyRoots(document)
  const namespace = str(get(get(root, 'metadata'), 'namespace')) ?? 'default'
  const where =
    policyKind(root) === 'CiliumClusterwideNetworkPolicy'
      ? 'ciliumclusterwidenetworkpolicies'
      : `namespaces/${namespace}/ciliumnetworkpolicies`
  return `/apis/cilium.io/v2/${where}?fieldValidation=Strict&dryRun=All`
}
