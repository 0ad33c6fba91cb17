// Builds dist/: compiles the schemas, then bundles server, command, client and their browser versions.

import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { build } from 'esbuild'

const release = process.argv.includes('--release')
rmSync('dist', { recursive: true, force: true })
mkdirSync('dist/browser', { recursive: true })
// The sources are modules, the bundles are not.
writeFileSync('dist/package.json', '{ "type": "commonjs" }\n')

console.log('build: schemas')
const compiled = spawnSync(
  process.execPath,
  ['--disable-warning=ExperimentalWarning', 'server/src/schema/compile.ts'],
  { stdio: 'inherit' },
)
if (compiled.status !== 0) process.exit(1)

/** Files of their own, read only when they are needed: the live cluster with its library, and the server for the command. */
const apart = {
  name: 'apart',
  setup(b) {
    const leave = (filter, path) =>
      b.onResolve({ filter }, args => (args.kind === 'dynamic-import' ? { path, external: true } : undefined))
    leave(/\/cluster\/main\.ts$/, './cluster.js')
    leave(/\/main\.node\.ts$/, './server.js')
  },
}

/** Parts of Node that the library of the protocol needs for sockets and pipes only: loaded when they are used, not at every start. */
const late = {
  name: 'late',
  setup(b) {
    b.onResolve({ filter: /^(?:child_process|crypto|net)$/ }, args =>
      /[\\/]vscode-(?:jsonrpc|languageserver)[\\/]/.test(args.importer)
        ? { path: args.path, namespace: 'late' }
        : undefined,
    )
    b.onLoad({ filter: /.*/, namespace: 'late' }, ({ path }) => ({
      contents: `let module_
module.exports = new Proxy({}, { get: (_, name) => (module_ ??= require('node:${path}'))[name] })`,
    }))
  },
}

/**
 * Of the Kubernetes library only the kubeconfig and its ways to authenticate are used: its API clients (`gen`), what only they
 * need (undici), and the logins that we run ourselves or that Kubernetes has removed are left out of the bundle.
 */
const kubeconfigOnly = {
  name: 'kubeconfig-only',
  setup(b) {
    const library = /@kubernetes\/client-node\/dist\/[\w.]+$/
    const without = (filter, names) => {
      b.onResolve({ filter }, args =>
        library.test(args.importer) ? { path: args.path, namespace: 'without', pluginData: names } : undefined,
      )
    }
    without(/^undici$/, ['Agent', 'ProxyAgent'])
    without(/^\.\/gen\/index\.js$/, ['createConfiguration', 'ServerConfiguration'])
    without(/^\.\/middleware\.js$/, ['setHeaderMiddleware'])
    without(/^\.\/azure_auth\.js$/, ['AzureAuth'])
    without(/^\.\/gcp_auth\.js$/, ['GoogleCloudPlatformAuth'])
    without(/^\.\/exec_auth\.js$/, ['ExecAuth'])
    b.onLoad({ filter: /.*/, namespace: 'without' }, ({ pluginData }) => ({
      contents: pluginData.map(name => `export class ${name} { isAuthProvider() { return false } }`).join('\n'),
    }))
  },
}

const common = {
  bundle: true,
  target: 'node20',
  format: 'cjs',
  sourcemap: release ? false : 'linked',
  // A third less to read at every start; the names stay for stack traces.
  minifySyntax: true,
  minifyWhitespace: true,
  // Node prints the line on which something was thrown.
  lineLimit: 160,
  minifyIdentifiers: release,
  keepNames: false,
  legalComments: 'none',
  logLevel: 'warning',
  // Where a source asks where it is, it knows that a bundle has `__dirname` instead.
  logOverride: { 'empty-import-meta': 'silent' },
  external: ['vscode'],
}
// `import()` becomes `require`: what server/src/start.ts runs has no other.
const node = { ...common, platform: 'node', supported: { 'dynamic-import': false } }
// VS Code takes a .js file for a module where package.json says so, and its hosts in browsers load none.
const named = { outExtension: { '.js': '.cjs' } }
const browser = { ...common, platform: 'browser', target: 'es2022' }

console.log(`build: dist/${release ? ' (for release)' : ''}`)
await Promise.all([
  build({
    ...node,
    entryPoints: {
      'server.main': 'server/src/main.node.ts',
      'cli.main': 'server/src/cli/main.ts',
      client: 'client/src/node.ts',
    },
    outdir: 'dist',
    plugins: [apart, late],
  }),
  build({
    ...node,
    entryPoints: { cluster: 'server/src/cluster/main.ts' },
    outdir: 'dist',
    minify: true,
    plugins: [kubeconfigOnly],
  }),
  build({ ...browser, entryPoints: { client: 'client/src/browser.ts' }, outdir: 'dist/browser', ...named }),
  build({ ...browser, entryPoints: { server: 'server/src/main.browser.ts' }, outdir: 'dist/browser', format: 'iife' }),
])
// What is started: it runs the program beside it, and remembers what V8 has compiled of it.
for (const name of ['server', 'cli']) {
  const text = readFileSync(`dist/${name}.main.js`)
  if (text.some(byte => byte > 127))
    throw new Error(`dist/${name}.main.js is not ASCII only, as server/src/start.ts reads it`)
  await build({
    ...node,
    entryPoints: { [name]: 'server/src/start.ts' },
    outdir: 'dist',
    sourcemap: false,
    define: { HASH: JSON.stringify(createHash('sha256').update(text).digest('hex').slice(0, 16)) },
    banner: { js: name === 'cli' ? '#!/usr/bin/env node\n' : '' },
  })
}
chmodSync('dist/cli.js', 0o755)
