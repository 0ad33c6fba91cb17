// The worst inputs: how long the slowest request about each takes.

import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { askAll, INPUTS } from '../lsp/badInputs.ts'
import { policy } from '../lsp/policy.ts'
import { atMost, type Figure } from './figures.ts'
import { OURS, open, temporaryFolder } from './servers.ts'

const LIMIT = 200

/** One line for each input; the slowest request is named where it is too slow. */
export async function worst(rounds: number): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const [name, text] of Object.entries(INPUTS)) {
    const slowest: number[] = []
    let method = ''
    for (let round = 0; round < rounds; round++) {
      const took = await ask(text)
      const [which, time] = [...took].reduce((a, b) => (b[1] > a[1] ? b : a))
      if (time >= Math.max(...slowest, 0)) method = which.replace('textDocument/', '')
      slowest.push(time)
    }
    const figure = atMost(name, 'ms', slowest, { of: 'median', value: LIMIT })
    figures.push(figure.goal?.met ? figure : { ...figure, name: `${name} (${method})` })
  }
  return figures
}

async function ask(text: string): Promise<ReadonlyMap<string, number>> {
  const folder = temporaryFolder()
  const peer = await OURS.start(folder)
  const good = pathToFileURL(join(folder, 'good.yaml')).href
  await open(peer, good, policy('wrld'))
  const uri = pathToFileURL(join(folder, 'bad.yaml')).href
  peer.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'yaml', version: 1, text } })
  const first = await askAll(peer, uri, text)
  const contentChanges = [{ text: `${text}\n# one more` }]
  peer.notify('textDocument/didChange', { textDocument: { uri, version: 2 }, contentChanges })
  const second = await askAll(peer, uri, text)
  await peer.stop()
  return new Map([...first].map(([method, time]) => [method, Math.max(time, second.get(method) ?? 0)]))
}
