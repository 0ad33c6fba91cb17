// The extension-host suites: which folder each one opens, and how it is bundled. Both the server and a desktop run them.

import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { Extension } from '../../.ci/vscode.ts'

/** The project's folder, which is the extension's too. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '')

/** The extension as it stands here. */
export const OURS: Extension = { id: 'cilium-policy.cilium-policy', version: '0.0.0', path: ROOT }

/** Stands in for Red Hat's YAML extension, which no package registry has. */
export const RED_HAT: Extension = {
  id: 'redhat.vscode-yaml',
  version: '0.0.0',
  path: fileURLToPath(new URL('redHat', import.meta.url)),
}

export interface Suite {
  /** Its file in `suite/`. */
  readonly name: string
  /** The folder that is opened: a copy, as suites change files. */
  readonly folder: string
  /** Whether it runs where there is no Node, as on vscode.dev. */
  readonly web?: boolean
}

const TYPO = `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata:
  name: web
  namespace: shop
spec:
  endpointSelector:
    matchLabels: {}
  egress:
    - toEntities:
        - kube-apiservr
`

/** The example workspace with a misspelt policy beside it. */
export function exampleSuite(): Suite {
  return { name: 'example', folder: workspaceOf({ 'policies/shop/web.yaml': TYPO }, join(ROOT, 'examples')) }
}

/** The same workspace, on vscode.dev. */
export function webSuite(): Suite {
  return { ...exampleSuite(), name: 'web', web: true }
}

/** A folder with YAML, but without policies. */
export function quietSuite(): Suite {
  return { name: 'quiet', folder: workspaceOf({ 'values.yaml': 'host: world\n' }) }
}

/** A folder of its own with these files, beside a copy of those of another folder. */
export function workspaceOf(files: Readonly<Record<string, string>>, like?: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'cilium-policy-workspace-'))
  if (like) cpSync(like, folder, { recursive: true })
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return folder
}

/** Bundles a suite for the extension host; returns the file. */
export async function bundleSuite({ name, web = false }: Suite): Promise<string> {
  const outfile = join(ROOT, 'test/editor/out', `${name}.cjs`)
  await build({
    entryPoints: [join(ROOT, 'test/editor/suite', `${name}.ts`)],
    outfile,
    bundle: true,
    platform: web ? 'browser' : 'node',
    format: 'cjs',
    external: ['vscode'],
    logLevel: 'warning',
  })
  return outfile
}
