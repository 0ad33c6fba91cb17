// The commands of the extension: context, Cilium version, output, restart, snapshot.

import { ConfigurationTarget, commands, type ExtensionContext, Uri, window, workspace } from 'vscode'
import type { BaseLanguageClient } from 'vscode-languageclient'
import { CONTEXTS, type Contexts, SNAPSHOT, type SnapshotText } from '../../server/src/protocol.ts'

const VERSIONS = ['auto', '1.20', '1.19', '1.18', '1.17', '1.16']

/** Registers every command for the life of the extension. */
export function registerCommands(context: ExtensionContext, client: BaseLanguageClient): void {
  const all: Readonly<Record<string, () => Promise<void>>> = {
    'ciliumPolicy.chooseContext': () => chooseContext(client),
    'ciliumPolicy.chooseVersion': chooseVersion,
    'ciliumPolicy.showOutput': async () => client.outputChannel.show(),
    'ciliumPolicy.restart': async () => {
      await client.stop()
      await client.start()
    },
    'ciliumPolicy.writeSnapshot': () => writeSnapshot(client),
  }
  for (const [name, run] of Object.entries(all)) context.subscriptions.push(commands.registerCommand(name, run))
}

async function set(key: string, value: unknown): Promise<void> {
  const target = workspace.workspaceFolders?.length ? ConfigurationTarget.Workspace : ConfigurationTarget.Global
  await workspace.getConfiguration('ciliumPolicy').update(key, value, target)
}

async function chooseContext(client: BaseLanguageClient): Promise<void> {
  const { contexts, current, problem } = await client.sendRequest<Contexts>(CONTEXTS)
  if (contexts.length === 0) {
    await window.showInformationMessage(problem ?? 'There is no kubeconfig with contexts on this machine.')
    return
  }
  const chosen = await window.showQuickPick([...contexts], {
    placeHolder: `Kubernetes context (now: ${current ?? 'none'})`,
  })
  if (chosen === undefined) return
  await set('cluster.enabled', 'auto')
  await set('cluster.context', chosen)
}

async function chooseVersion(): Promise<void> {
  const chosen = await window.showQuickPick(VERSIONS, { placeHolder: 'Cilium version whose rules decide' })
  if (chosen !== undefined) await set('ciliumVersion', chosen)
}

async function writeSnapshot(client: BaseLanguageClient): Promise<void> {
  const folder = workspace.workspaceFolders?.[0]
  const { text, problem } = await client.sendRequest<SnapshotText>(SNAPSHOT)
  if (text === null || !folder) {
    await window.showWarningMessage(problem ?? 'There is no live cluster or no folder to write to.')
    return
  }
  const uri = Uri.joinPath(folder.uri, 'inventory.yaml')
  await workspace.fs.writeFile(uri, new TextEncoder().encode(text))
  await set('inventory.file', 'inventory.yaml')
  await window.showTextDocument(uri)
}
