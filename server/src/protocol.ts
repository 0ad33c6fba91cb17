// Our own messages beside LSP, and how a server is started: all that the client may import from the server.

/** Server → client, notification: how things are with the cluster (`Status`). Sent at the start and whenever it changes. */
export const STATUS = 'ciliumPolicy/status'
/** Client → server, request, no parameters: the contexts to choose from (`Contexts`). */
export const CONTEXTS = 'ciliumPolicy/contexts'
/** Client → server, request, no parameters: what is known of the live cluster as one List in YAML (`SnapshotText`). */
export const SNAPSHOT = 'ciliumPolicy/snapshot'
/** Client → server, request, `{ textDocument, position }`: who can reach what stands there, and what it can reach (`ReachText`). */
export const REACH = 'ciliumPolicy/reach'
/** Client → server, notification: the user trusts the workspace now. */
export const TRUSTED = 'ciliumPolicy/trusted'
/** Server → client, request in browsers: the text of a file, `{ uri }` → `{ text }`, null when it cannot be read. */
export const READ_FILE = 'ciliumPolicy/readFile'
/** Server → client, request in browsers: `{ folder }` → `{ uris }` of the *.yaml, *.yml and *.json files below a folder. */
export const LIST_FILES = 'ciliumPolicy/listFiles'

/**
 * Flags of Node with which a server is started. Of what is read nearly all stays: V8 copies it twice on its way out of the young generation,
 * and half the room (MiB) makes the pauses shorter and the process 90 MiB smaller while it reads thousands of files, in the same time.
 */
export const SERVER_FLAGS: readonly string[] = ['--max-semi-space-size=8']

/** `off`: by setting, or no kubeconfig; `partly`: something may not be read; `stale`: lost, the last picture is used. */
export type State = 'off' | 'connecting' | 'live' | 'partly' | 'stale' | 'failed'

export interface Status {
  readonly state: State
  /** A few words for the status bar. */
  readonly text: string
  /** Sentences: which cluster, since when, what is missing and what to do. */
  readonly tooltip: string
  readonly context?: string
  /** The name of the inventory file in use: beside the cluster or, when that is off, instead of it. */
  readonly inventoryFile?: string
}

export interface Contexts {
  readonly contexts: readonly string[]
  readonly current: string | null
  /** Why there are none, where that is so. */
  readonly problem?: string
}

export interface SnapshotText {
  /** null: there is no live cluster. */
  readonly text: string | null
  readonly problem?: string
}

export interface ReachText {
  /** Markdown with links to the lines that decide; null: there is nothing to say. */
  readonly text: string | null
  readonly problem?: string
}

/** What the client adds to `initializationOptions`, beside `ciliumPolicy` with the settings. */
export interface Options {
  /** Whether the user trusts the workspace; true when absent. */
  readonly trusted?: boolean
  /** The editor's command that opens its suggest list. */
  readonly suggestCommand?: string
  /** The editor's command that opens a policy of the cluster, given its URI, or compares it with another text, given its URI too. */
  readonly compareCommand?: string
  /** The editor's command that shows who can reach what stands at a position, given a URI and a position. */
  readonly reachCommand?: string
}
