// Holds the import table of ARCHITECTURE.md: who may import whom, and who alone knows which library.

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const SERVER = join(ROOT, 'server/src')
const CLIENT = join(ROOT, 'client/src')

/** What each layer may import beside itself. A type may be imported from one layer more: `lsp` tells hosts what it needs. */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  memo: [],
  protocol: [],
  syntax: ['memo'],
  schema: ['memo', 'syntax', 'model'],
  model: ['memo', 'syntax'],
  workspace: ['memo', 'syntax', 'schema', 'model'],
  engine: ['memo', 'syntax', 'schema', 'model', 'workspace'],
  rules: ['memo', 'syntax', 'schema', 'model', 'workspace', 'engine'],
  features: ['memo', 'syntax', 'schema', 'model', 'workspace', 'engine', 'rules'],
  lsp: ['memo', 'syntax', 'schema', 'model', 'workspace', 'engine', 'rules', 'features', 'protocol'],
  cluster: ['memo', 'syntax', 'model', 'workspace'],
  host: ['lsp', 'protocol', 'cluster', 'workspace'],
  cli: [
    'memo',
    'syntax',
    'schema',
    'model',
    'workspace',
    'engine',
    'rules',
    'features',
    'host',
    'cluster',
    'main.node',
  ],
  'main.node': ['lsp', 'host'],
  'main.browser': ['lsp', 'host'],
  start: ['host'],
}

/** Libraries that only these files or folders may import (types included). */
const ALONE: Readonly<Record<string, readonly string[]>> = {
  yaml: ['syntax/'],
  ajv: ['schema/'],
  re2js: ['model/', 'rules/', 'engine/'],
  'ipaddr.js': ['model/', 'rules/', 'engine/'],
  '@kubernetes/client-node': ['cluster/'],
  'vscode-languageserver': ['lsp/', 'host/', 'main.node.ts', 'main.browser.ts'],
  'vscode-languageserver-protocol': ['lsp/'],
  'vscode-languageserver-types': ['features/', 'lsp/'],
  'vscode-languageserver-textdocument': ['lsp/'],
}

/** Folders whose functions are plain and synchronous: no clock, file, network or promise. */
const PURE = ['memo', 'syntax', 'schema', 'model', 'workspace', 'engine', 'rules', 'features']
/** Scripts that are run by hand and never imported. */
const SCRIPTS = [
  'workspace/settingsDocs.ts',
  'schema/compile.ts',
  'rules/rulesDocs.ts',
  'schema/crd.ts',
  'cluster/clusterRole.ts',
]

interface Source {
  /** Relative to server/src. */
  readonly path: string
  readonly layer: string
  readonly text: string
  readonly imports: readonly string[]
}

function sources(root: string): Source[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter(path => path.endsWith('.ts') && !path.includes('compiled'))
    .map(path => {
      const text = readFileSync(join(root, path), 'utf8')
      return { path, layer: path.split('/')[0]?.replace(/\.ts$/, '') ?? '', text, imports: importsOf(text) }
    })
}

function importsOf(text: string): string[] {
  const found = text.matchAll(
    /(?:^|\n)\s*(?:import|export)\b[^'"\n;]*(?:\n[^'"\n;]*)*?from\s+'([^']+)'|import\(\s*'([^']+)'\s*\)|(?:^|\n)import\s+'([^']+)'/g,
  )
  return [...found].map(m => m[1] ?? m[2] ?? m[3] ?? '')
}

const server = sources(SERVER).filter(s => !SCRIPTS.includes(s.path))

test('layers import downwards only', () => {
  const wrong: string[] = []
  for (const { path, layer, imports } of server) {
    const allowed = LAYERS[layer]
    if (!allowed) wrong.push(`${path}: the layer ${layer} is not in the table`)
    for (const specifier of imports.filter(i => i.startsWith('.') && !i.includes('/schemas/'))) {
      const target = relative(SERVER, resolve(SERVER, dirname(path), specifier))
      const to = target.split('/')[0]?.replace(/\.ts$/, '') ?? ''
      if (to !== layer && !allowed?.includes(to)) wrong.push(`${path} imports ${target}`)
    }
  }
  assert.deepEqual(wrong, [])
})

test('each library has its one place', () => {
  const wrong: string[] = []
  for (const { path, imports } of server) {
    for (const specifier of imports.filter(i => !i.startsWith('.'))) {
      const name = specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/')
      const places = ALONE[name]
      if (specifier.startsWith('node:')) {
        if (PURE.includes(path.split('/')[0]?.replace(/\.ts$/, '') ?? '')) wrong.push(`${path} imports ${specifier}`)
      } else if (!places?.some(place => path.startsWith(place))) wrong.push(`${path} imports ${specifier}`)
    }
  }
  assert.deepEqual(wrong, [])
})

test('nothing below lsp, cluster and cli is asynchronous or reads a clock', () => {
  const wrong = server
    .filter(s => PURE.includes(s.layer))
    .filter(s =>
      /\basync\b|\bawait\b|\bDate\.now\b|\bnew Date\(|\bperformance\.|\bsetTimeout\b|\bsetImmediate\b|\bfetch\(/.test(
        code(s.text),
      ),
    )
    .map(s => s.path)
  assert.deepEqual(wrong, [])
})

/** Without comments and texts. */
function code(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`/g, '')
}

test('the client imports nothing of the server but the protocol', () => {
  const wrong: string[] = []
  for (const { path, imports } of sources(CLIENT)) {
    for (const specifier of imports.filter(i => i.includes('server/'))) {
      const target = relative(SERVER, resolve(CLIENT, dirname(path), specifier))
      if (target !== 'protocol.ts') wrong.push(`${path} imports ${target}`)
    }
  }
  assert.deepEqual(wrong, [])
})

test('the cluster is loaded lazily, and nobody else knows it', () => {
  const eager = server
    .filter(s => s.layer !== 'cluster' && /from '[^']*\/cluster\/main\.ts'/.test(s.text))
    .map(s => s.path)
  assert.deepEqual(eager, [])
})

test('files and functions keep to their sizes', () => {
  const long = server.filter(s => s.text.split('\n').length > 400).map(s => s.path)
  assert.deepEqual(long, [])
  const headless = server.filter(s => !s.text.startsWith('// ') && !s.text.startsWith('#!')).map(s => s.path)
  assert.deepEqual(headless, [], 'the first line of a file says what it is for')
})
