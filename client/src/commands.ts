// The commands of the extension: context, Cilium version, output, restart, snapshot.

import { ConfigurationTarget, commands, type Disposable, Uri, window, workspace } from 'vscode'
import type { BaseLanguageClient } from 'vscode-languageclient'
import { CONTEXTS, type Contexts, SNAPSHOT, type SnapshotText } from '../../server/src/protocol.ts'
import { REACH_COMMAND, showReach } from './reach.ts'

const VERSIONS = ['auto', '1.20', '1.19', '1.18', '1.17', '1.16']
/** Opened by code lenses: a policy of the cluster, or how ours differs from it. */
export const COMPARE = 'ciliumPolicy.compareWithCluster'
const NO_CLUSTER = 'Use no cluster'

/** Registers every command. */
export function registerCommands(client: BaseLanguageClient): Disposable[] {
  const all: Readonly<Record<string, (...args: unknown[]) => Promise<void>>> = {
    'ciliumPolicy.chooseContext': () => chooseContext(client),
    'ciliumPolicy.chooseVersion': chooseVersion,
    'ciliumPolicy.showOutput': async () => client.outputChannel.show(),
    'ciliumPolicy.restart': () => restart(client),
    'ciliumPolicy.writeSnapshot': () => writeSnapshot(client),
    [COMPARE]: compare,
    [REACH_COMMAND]: (uri, position) => showReach(client, uri, position),
  }
  return Object.entries(all).map(([name, run]) => commands.registerCommand(name, run))
}

/** Also when it is not running, as after a crash. */
async function restart(client: BaseLanguageClient): Promise<void> {
  if (client.isRunning()) await client.stop()
  await client.start()
}

function settings() {
  return workspace.getConfiguration('ciliumPolicy')
}

async function set(key: string, value: unknown): Promise<void> {
  if (settings().get(key) === value) return
  const target = workspace.workspaceFolders?.length ? ConfigurationTarget.Workspace : ConfigurationTarget.Global
  await settings().update(key, value, target)
}

async function chooseContext(client: BaseLanguageClient): Promise<void> {
  const { contexts, current, problem } = await client.sendRequest<Contexts>(CONTEXTS)
  if (contexts.length === 0) {
    await window.showInformationMessage(problem ?? 'There is no kubeconfig with contexts on this machine.')
    return
  }
  const items = [
    ...contexts.map(label => ({ label, description: label === current ? 'current context of the kubeconfig' : '' })),
    { label: NO_CLUSTER, description: 'ciliumPolicy.cluster.enabled: off' },
  ]
  const chosen = await window.showQuickPick(items, { placeHolder: 'The Kubernetes context to read the cluster with' })
  if (chosen?.label === NO_CLUSTER) await set('cluster.enabled', 'off')
  else if (chosen) {
    await set('cluster.enabled', 'auto')
    await set('cluster.context', chosen.label)
  }
}

async function compare(theirs: unknown, ours: unknown): Promise<void> {
  if (typeof theirs !== 'string') return
  const applied = Uri.parse(theirs)
  if (typeof ours === 'string')
    await commands.executeCommand('vscode.diff', applied, Uri.parse(ours), 'applied ↔ this file')
  else await window.showTextDocument(applied, { preview: true })
}

async function chooseVersion(): Promise<void> {
  const now = settings().get('ciliumVersion')
  const items = VERSIONS.map(label => ({ label, description: label === now ? 'chosen now' : '' }))
  const chosen = await window.showQuickPick(items, { placeHolder: 'The Cilium version whose rules decide' })
  if (chosen) await set('ciliumVersion', chosen.label)
}

async function writeSnapshot(client: BaseLanguageClient): Promise<void> {
  const folder = workspace.workspaceFolders?.[0]
  const { text, problem } = await client.sendRequest<SnapshotText>(SNAPSHOT)
  if (text === null || !folder) {
    await window.showWarningMessage(problem ?? 'Open a folder first: the snapshot is written into it.')
    return
  }
  const uri = await window.showSaveDialog({
    defaultUri: Uri.joinPath(folder.uri, 'inventory.yaml'),
    filters: { YAML: ['yaml', 'yml'] },
    saveLabel: 'Write the Snapshot',
  })
  if (!uri) return
  await workspace.fs.writeFile(uri, new TextEncoder().encode(text))
  await set('inventory.file', workspace.asRelativePath(uri, false))
  await window.showTextDocument(uri)
}
