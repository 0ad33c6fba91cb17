// What an editor waits for before anything works: the server's start, the extension's activation, the size of the package.

import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { atMost, type Figure } from './figures.ts'
import { end, OURS, temporaryFolder } from './servers.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** The figures; the first start is left out: it writes the cache of compiled code. */
export async function start(rounds: number): Promise<Figure[]> {
  const folder = temporaryFolder()
  const server: number[] = []
  const activation: number[] = []
  for (let round = -1; round < rounds; round++) {
    const begin = performance.now()
    const peer = await OURS.start(folder)
    if (round >= 0) server.push(performance.now() - begin)
    await end(peer)
    if (round >= 0) activation.push(activated())
  }
  const figures = [
    atMost('start of the server to its answer to initialize', 'ms', server, { of: 'median', value: 150 }),
    atMost('activation: loading the client and its activate', 'ms', activation, { of: 'median', value: 60 }),
  ]
  const vsix = `${ROOT}/dist/cilium-policy.vsix`
  if (!existsSync(vsix)) return figures
  return [...figures, atMost('VSIX', 'kB', [statSync(vsix).size / 1000], { of: 'max', value: 1500 })]
}

/** Loads dist/client.js in a process of its own, with a stand-in for VS Code, and activates it where no policy is. */
function activated(): number {
  const script = `
    const anything = () => new Proxy(function () {}, {
      get: (_, key) => (key === 'then' ? undefined : key === Symbol.iterator ? [][Symbol.iterator] : anything()),
      apply: () => anything(),
      construct: () => anything(),
    })
    const Module = require('node:module')
    const load = Module._load
    Module._load = (request, ...rest) => (request === 'vscode' ? anything() : load(request, ...rest))
    const start = performance.now()
    const client = require(${JSON.stringify(`${ROOT}/dist/client.js`)})
    const ended = () => console.log(performance.now() - start)
    const context = { extensionPath: ${JSON.stringify(ROOT)}, subscriptions: [], asAbsolutePath: p => p }
    Promise.resolve(client.activate(context)).then(ended, ended)`
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' })
  const took = Number(stdout.trim().split('\n')[0])
  if (!(took > 0)) throw new Error(`the extension could not be activated: ${stderr}`)
  return took
}
