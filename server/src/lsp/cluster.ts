// The live cluster as the settings want it: connected, followed, left; and its state told to the editor.

import type { Connection } from 'vscode-languageserver'
import { CONTEXTS, type Contexts, SNAPSHOT, type SnapshotText, STATUS, type Status, TRUSTED } from '../protocol.ts'
import type { Cluster, ClusterListener, ClusterOptions } from '../workspace/live.ts'
import type { Abilities } from './client.ts'
import { withInventoryFile } from './clusterStatus.ts'
import { answerClusterTexts } from './clusterTexts.ts'
import { attempt, type Log } from './handle.ts'
import type { Publisher } from './publisher.ts'
import { createRefresher } from './refresh.ts'
import type { Runtime } from './runtime.ts'
import { type Session, type State, withSource } from './session.ts'
import { resolveUri } from './uri.ts'

export interface ClusterFollower {
  /** Connects as the settings of now say; nothing happens when they say what they said before. */
  follow(): void
  /** Whether programs named by a kubeconfig may be started. */
  trust(trusted: boolean): void
  /** Tells the editor how things are when that is otherwise now that the inventory file was read. */
  inventoryChanged(): void
}

interface Surroundings {
  readonly connection: Connection
  readonly runtime: Runtime
  readonly session: Session
  readonly publisher: Publisher
  readonly log: Log
  readonly abilities: () => Abilities
}

const OFF: Status = {
  state: 'off',
  text: 'no cluster',
  tooltip: 'The setting ciliumPolicy.cluster.enabled is off: no cluster is read.',
}
const NONE: Status = { state: 'off', text: 'no cluster', tooltip: 'There is no way to a cluster from a browser.' }

/** A follower that is not connected yet. Answers the editor's requests for contexts and for a snapshot. */
export function createClusterFollower(around: Surroundings): ClusterFollower {
  const { connection, runtime, session, publisher, log } = around
  let trusted = true
  let wanted = ''
  let told: Status = OFF
  let sent = ''
  let cluster: Promise<Cluster> | undefined

  const tell = (status: Status) => {
    told = status
    const shown = withInventoryFile(status, session.get().sources.file)
    const key = JSON.stringify(shown)
    if (key === sent) return
    sent = key
    void connection.sendNotification(STATUS, shown)
  }
  const refresh = createRefresher(connection, around.abilities, log)
  const renew = answerClusterTexts(connection, session, log)
  const changed = () => {
    publisher.refresh()
    refresh()
    renew()
  }

  const follow = () => {
    const options = optionsOf(session.get(), trusted)
    const key = JSON.stringify(options) ?? 'off'
    if (key === wanted) return
    wanted = key
    const before = cluster
    cluster = undefined
    void attempt('cluster', log, async () => (await before)?.stop())
    session.update(state => withSource(state, 'cluster', undefined))
    if (!options || !runtime.connect) return tell(options ? NONE : OFF)
    const current = () => wanted === key
    cluster = connect(around, options, {
      status: status => {
        if (current()) tell(status)
      },
      inventory: inventory => {
        if (!current()) return
        session.update(state => withSource(state, 'cluster', inventory))
        changed()
      },
    })
  }
  connection.onNotification(TRUSTED, () => {
    trusted = true
    follow()
  })
  connection.onRequest(CONTEXTS, () => contextsOf(session.get(), runtime))
  connection.onRequest(SNAPSHOT, async (): Promise<SnapshotText> => {
    const text = (await cluster)?.snapshot() ?? null
    return text === null ? { text, problem: `There is no cluster to take a snapshot of. ${told.tooltip}` } : { text }
  })
  return {
    follow,
    trust: value => {
      trusted = value
    },
    inventoryChanged: () => tell(told),
  }
}

function connect({ runtime, log }: Surroundings, options: ClusterOptions, listener: ClusterListener): Promise<Cluster> {
  const nothing: Cluster = { snapshot: () => undefined, stop: () => {} }
  const connecting = runtime.connect?.(options, listener) ?? Promise.resolve(nothing)
  return connecting.catch(error => {
    log(`cluster: ${error instanceof Error ? error.stack : error}`)
    listener.status({ state: 'failed', text: 'no cluster', tooltip: String(error) })
    return nothing
  })
}

/** What the settings ask for; undefined when they ask for no cluster. */
function optionsOf({ snapshot: { settings }, folders }: State, trusted: boolean): ClusterOptions | undefined {
  const { enabled, context } = settings.cluster
  if (enabled === 'off') return undefined
  return { kubeconfig: kubeconfigOf(folders, settings.cluster.kubeconfig), context, folders, trusted }
}

/** The kubeconfig's URI; `~` is left for the runtime to know. */
function kubeconfigOf(folders: readonly string[], path: string): string {
  return path === '' || path.startsWith('~') ? path : resolveUri(folders[0] ?? 'file:///', path)
}

async function contextsOf({ snapshot, folders }: State, runtime: Runtime): Promise<Contexts> {
  const path = kubeconfigOf(folders, snapshot.settings.cluster.kubeconfig)
  const found = await runtime.contexts?.(path)
  if (!found) return { contexts: [], current: null, problem: NONE.tooltip }
  return { ...found, current: found.current ?? null }
}
