// Keeps Red Hat's YAML extension from judging and completing policies a second time, where it can be told so.

import { type Disposable, extensions, workspace } from 'vscode'

const ID = 'redhat.vscode-yaml'
/** A schema that allows everything and suggests nothing. */
const NOTHING = 'cilium-policy-yaml:///anything'

/** What we use of the API that Red Hat's extension returns. */
interface RedHatYaml {
  registerContributor(
    name: string,
    schemaOf: (uri: string) => string | undefined,
    contentOf: (schema: string) => string,
  ): boolean
}

/** Offers the empty schema for files with nothing but policies, now or when the extension is installed. A modeline in the file wins over it. */
export function quietRedHat(): Disposable {
  let asked = false
  const ask = async () => {
    const extension = extensions.getExtension<RedHatYaml>(ID)
    if (asked || !extension) return
    asked = true
    const api = await extension.activate()
    api?.registerContributor?.('cilium-policy', schemaOf, () => '{}')
  }
  const attempt = () => void ask().catch(() => {})
  attempt()
  return extensions.onDidChange(attempt)
}

function schemaOf(uri: string): string | undefined {
  const document = workspace.textDocuments.find(d => d.uri.toString() === uri)
  return document && onlyPolicies(document.getText()) ? NOTHING : undefined
}

/** Whether each YAML document of the text, comments aside, is a policy. */
export function onlyPolicies(text: string): boolean {
  const documents = text.split(/^---.*$/m).filter(document => /^[ \t]*[^\s#]/m.test(document))
  return documents.length > 0 && documents.every(isPolicy)
}

function isPolicy(document: string): boolean {
  return (
    /^apiVersion:\s*["']?cilium\.io\/v2["']?\s*(?:#.*)?$/m.test(document) &&
    /^kind:\s*["']?Cilium(?:Clusterwide)?NetworkPolicy["']?\s*(?:#.*)?$/m.test(document)
  )
}
