// What README says of Red Hat's YAML extension, asked of its language server: the empty schema that we offer wins over
// the user's schemas, and a modeline wins over it.

import assert from 'node:assert/strict'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { type Diagnostics, startPeer } from '../lsp/peer.ts'
import { ROOT, workspaceOf } from './suites.ts'

const POLICY = 'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata:\n  name: a\n'
/** As in client/src/redHat.ts. */
const NOTHING = 'cilium-policy-yaml:///anything'

/** How many problems the server has with a text, where a schema of the user's refuses everything. */
async function problems(text: string, offered: string | null): Promise<number> {
  const folder = workspaceOf({ 'policy.yaml': text })
  const schema = pathToFileURL(join(folder, 'refuses.json')).href
  writeFileSync(join(folder, 'refuses.json'), JSON.stringify({ type: 'object', additionalProperties: false }))
  const yaml = { schemas: { [schema]: '*.yaml' }, validate: true, schemaStore: { enable: false } }
  const peer = await startPeer({
    command: [join(ROOT, 'node_modules/yaml-language-server/bin/yaml-language-server')],
    folders: [pathToFileURL(folder).href],
    capabilities: { workspace: { configuration: true, workspaceFolders: true } },
    answers: {
      'workspace/configuration': params =>
        (params as { items: { section: string }[] }).items.map(({ section }) => (section === 'yaml' ? yaml : {})),
      'custom/schema/request': () => (offered === null ? [] : [offered]),
      'custom/schema/content': () => '{}',
    },
  })
  peer.notify('yaml/registerCustomSchemaRequest', null)
  const uri = pathToFileURL(join(folder, 'policy.yaml')).href
  peer.notify('textDocument/didOpen', {
    textDocument: { uri, languageId: 'yaml', version: 1, text: text.replace('SCHEMA', schema) },
  })
  const { diagnostics } = await peer.until<Diagnostics>('textDocument/publishDiagnostics', p => p.uri === uri)
  await peer.stop()
  rmSync(folder, { recursive: true, force: true })
  return diagnostics.length
}

test('without our offer the schema of the settings is applied', async () => {
  assert.ok((await problems(POLICY, null)) > 0)
})

test('our offer wins over the settings', async () => {
  assert.equal(await problems(POLICY, NOTHING), 0)
})

test('a modeline wins over our offer', async () => {
  assert.ok((await problems(`# yaml-language-server: $schema=SCHEMA\n${POLICY}`, NOTHING)) > 0)
})

test('a modeline without a schema is silent', async () => {
  assert.equal(await problems(`# yaml-language-server: $schema=none\n${POLICY}`, null), 0)
})
