// Colours a text as VS Code does: its own grammars and tokenizer, with our injection.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { VSCODE } from '../../.ci/vscode.ts'

const OURS = 'cilium-policy.injection'
const OUR_PATH = fileURLToPath(new URL('../../syntaxes/cilium-policy.injection.json', import.meta.url))
const YAML = join(VSCODE, 'extensions', 'yaml', 'syntaxes')

interface Token {
  readonly startIndex: number
  readonly endIndex: number
  readonly scopes: readonly string[]
}

interface Grammar {
  tokenizeLine(line: string, state: unknown): { readonly tokens: readonly Token[]; readonly ruleStack: unknown }
}

/** Each stretch of the text to which our grammar gives a scope, as `text: scope`. */
export async function coloured(text: string): Promise<string[]> {
  const grammar = await yamlGrammar()
  const found: string[] = []
  let state: unknown = null
  for (const line of text.split('\n')) {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, state)
    state = ruleStack
    for (const { startIndex, endIndex, scopes } of tokens) {
      const ours = scopes.find(scope => scope.endsWith('.cilium'))
      if (ours) found.push(`${line.slice(startIndex, endIndex)}: ${ours}`)
    }
  }
  return found
}

async function yamlGrammar(): Promise<Grammar> {
  const require = createRequire(join(VSCODE, 'package.json'))
  const oniguruma = require('vscode-oniguruma')
  const { Registry, INITIAL, parseRawGrammar } = require('vscode-textmate')
  await oniguruma.loadWASM(readFileSync(require.resolve('vscode-oniguruma/release/onig.wasm')))
  const registry = new Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns: string[]) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text: string) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async (scope: string) => {
      const path = grammarPath(scope)
      return path === undefined ? null : parseRawGrammar(readFileSync(path, 'utf8'), path)
    },
    getInjections: (scope: string) => (scope === 'source.yaml' ? [OURS] : []),
  })
  const grammar = await registry.loadGrammar('source.yaml')
  return { tokenizeLine: (line, state) => grammar.tokenizeLine(line, state ?? INITIAL) }
}

/** The file of a scope: `source.yaml.1.2` is yaml-1.2.tmLanguage.json. */
function grammarPath(scope: string): string | undefined {
  if (scope === OURS) return OUR_PATH
  if (!scope.startsWith('source.yaml')) return undefined
  const variant = scope.slice('source.yaml'.length).replace('.', '-')
  return join(YAML, `yaml${variant}.tmLanguage.json`)
}
