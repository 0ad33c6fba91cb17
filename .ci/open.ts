// Opens examples/ in a real VS Code with the extension: the desktop one when there is one, else a VS Code server.

import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CACHE, extensionsFolder, installVscode, startVscode } from './vscode.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const EXAMPLES = join(ROOT, 'examples')
const PORT = 8123

/** Opens the desktop VS Code; false when there is none. */
function desktop(): boolean {
  const windows = process.platform === 'win32'
  const screen = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY
  const code = windows ? 'code.cmd' : 'code'
  if (!screen || spawnSync(code, ['--version'], { shell: windows }).status !== 0) return false
  console.log('Opening examples/ in Visual Studio Code …')
  const args = ['--extensionDevelopmentPath', ROOT, EXAMPLES]
  process.exitCode = spawnSync(code, args, { stdio: 'inherit', shell: windows }).status ?? 1
  return true
}

async function server(): Promise<void> {
  console.log('There is no desktop Visual Studio Code here (no screen, or no command `code`).')
  const problem = installVscode()
  if (problem) {
    console.error(`${problem}: run \`npm run package\` and install dist/cilium-policy.vsix in your own VS Code.`)
    process.exitCode = 2
    return
  }
  console.log('Starting the VS Code server …')
  const { publisher, name, version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  const running = await startVscode({
    port: Number(process.env.PORT ?? PORT),
    extensions: extensionsFolder(join(CACHE, 'extensions'), [{ id: `${publisher}.${name}`, version, path: ROOT }]),
    data: join(CACHE, 'server-data'),
  })
  console.log(
    `\nOpen this address in a browser (Ctrl+C ends it):\n\n  ${running.address}/?folder=${encodeURI(EXAMPLES)}\n`,
  )
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void running.stop())
}

if (!desktop()) await server()
