// `npm start`: installs and builds what is missing, checks examples/, and opens them in a real VS Code with the extension.

import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { ROOT, run } from './node24.mjs'
import { prepare } from './prepare.mjs'

prepare()
console.log('\ncilium-policy check --inventory examples/inventory.yaml examples/policies\n')
run(['dist/cli.js', 'check', '--inventory', 'examples/inventory.yaml', 'examples/policies'])
if (process.argv.includes('--no-open')) process.exit(0)

const examples = join(ROOT, 'examples')
const desktop = process.env.DISPLAY || process.env.WAYLAND_DISPLAY || process.platform !== 'linux'
const code = process.platform === 'win32' ? 'code.cmd' : 'code'
if (desktop && spawnSync(code, ['--version'], { shell: process.platform === 'win32' }).status === 0) {
  console.log('\nOpening examples/ in Visual Studio Code …')
  process.exit(
    spawnSync(code, ['--extensionDevelopmentPath', ROOT, examples], {
      stdio: 'inherit',
      shell: process.platform === 'win32',
    }).status ?? 1,
  )
}

const server = vscodeServer()
const extensions = join(homedir(), '.cache', 'cilium-policy', 'extensions')
mkdirSync(extensions, { recursive: true })
const link = join(extensions, 'cilium-policy.cilium-policy-0.1.0')
rmSync(link, { recursive: true, force: true })
symlinkSync(ROOT, link, 'junction')
const port = process.env.PORT ?? '8123'
console.log(
  `\nThere is no desktop Visual Studio Code here: open this address in a browser (Ctrl+C ends it)\n\n  http://127.0.0.1:${port}/?folder=${encodeURIComponent(examples)}\n`,
)
const args = [
  join(server, 'out', 'server-main.js'),
  '--host',
  '127.0.0.1',
  '--port',
  port,
  '--without-connection-token',
  '--accept-server-license-terms',
  '--extensions-dir',
  extensions,
  '--server-data-dir',
  join(extensions, '..', 'server-data'),
  '--telemetry-level',
  'off',
]
const child = spawn(node(), args, { stdio: 'inherit' })
child.on('exit', status => process.exit(status ?? 0))

function node() {
  return join(ROOT, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node')
}

/** The folder of a VS Code server, installed apart from the project's packages when it is missing. */
function vscodeServer() {
  const folder = join(homedir(), '.cache', 'cilium-policy', 'code-server')
  const server = join(folder, 'node_modules', 'code-server', 'lib', 'vscode')
  if (existsSync(join(server, 'node_modules', '.package-lock.json'))) return server
  console.log('Installing a VS Code server (about 170 MB, once) …')
  mkdirSync(folder, { recursive: true })
  const npm = (cwd, ...args) => {
    const { status } = spawnSync(
      'npm',
      [...args, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel', 'error'],
      { cwd, stdio: 'inherit' },
    )
    if (status !== 0) {
      console.error(
        'The VS Code server could not be installed: open examples/ with the extension in your own VS Code (npm run package makes it).',
      )
      process.exit(2)
    }
  }
  npm(folder, 'install', '--prefix', folder, 'code-server@4.139.1')
  npm(server, 'install', '--omit=dev')
  npm(join(server, 'extensions'), 'install', '--omit=dev')
  return server
}
