// Both sides of everything, through the server: 1,000 policies and as many pods of which no two are alike, closed everywhere.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { REACH } from '../../server/src/protocol.ts'
import { distinctPod, inventory, namespaces } from './corpus.ts'
import { atMost, type Figure } from './figures.ts'
import { published, typeInto, type Written, writtenRepository } from './repository.ts'
import { OURS, open } from './servers.ts'

const MANY = 1000
const REACHES = 30
const EDITED = 'everybody.yaml'

/** A policy that is about all pods of the cluster: the most that a keystroke can set in motion. */
const EVERYBODY = `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata:
  name: everybody
  namespace: team-1
spec:
  endpointSelector:
    matchLabels:
      app.kubernetes.io/name: cart-0
  egress:
    - toEntities:
        - host
        - cluster
`

/** Opening, typing and asking who reaches whom, in milliseconds. */
export async function sides(rounds: number): Promise<Figure[]> {
  const written = workspace()
  const all: number[] = []
  const keystrokes: number[] = []
  const reaches: number[] = []
  for (let i = 0; i < rounds; i++) {
    const run = await measure(written)
    all.push(run.all)
    keystrokes.push(...run.keystrokes)
    reaches.push(...run.reaches)
  }
  return [
    atMost('1,000 policies and pods: all files, both sides', 'ms', all, { of: 'median', value: 2000 }),
    atMost('1,000 policies and pods: keystroke, both sides', 'ms', keystrokes, { of: 'p95', value: 16 }),
    atMost('1,000 policies and pods: all that a rule’s pods reach', 'ms', reaches, { of: 'p95', value: 50 }),
  ]
}

function workspace(): Written {
  const { folder, files } = writtenRepository(MANY - 1)
  writeFileSync(join(folder, 'inventory.txt'), inventory(MANY, namespaces(MANY), distinctPod))
  writeFileSync(join(folder, EDITED), EVERYBODY)
  return { folder, files: new Map([...files, [EDITED, EVERYBODY]]) }
}

async function measure({ folder, files }: Written) {
  const policies = [...files.values()].filter(text => text.includes('cilium.io/v2')).length
  const uri = pathToFileURL(join(folder, EDITED)).href
  const start = performance.now()
  const peer = await OURS.start(folder, { inventory: { file: 'inventory.txt' }, enforcementMode: 'always' })
  const everything = published(peer, policies)
  await open(peer, uri, EVERYBODY)
  await everything
  const all = performance.now() - start
  const keystrokes = await typeInto(peer, uri, EVERYBODY)
  const reaches: number[] = []
  const position = { line: 6, character: 4 }
  for (let i = 0; i < REACHES; i++) {
    const asked = performance.now()
    await peer.request(REACH, { textDocument: { uri }, position })
    if (i > 0) reaches.push(performance.now() - asked)
  }
  await peer.stop()
  return { all, keystrokes, reaches }
}
