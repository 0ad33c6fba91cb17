// Sends problems: the edited file's at once, the others' in slices, open ones first, and only what differs from what was sent.

import type { Diagnostic, PublishDiagnosticsParams } from 'vscode-languageserver-protocol'
import type { Client } from '../features/convert.ts'
import { diagnostics } from '../features/diagnostics.ts'
import { policyRoots } from '../model/kinds.ts'
import { workspaceRules } from '../rules/index.ts'
import type { File } from '../syntax/file.ts'
import type { Log } from './handle.ts'
import { handle } from './handle.ts'
import type { Runtime } from './runtime.ts'
import type { Session } from './session.ts'

/** Rules whose findings are right only when all files have been read. */
const NEEDS_ALL: ReadonlySet<string> = new Set(workspaceRules.map(rule => rule.id))

/** Milliseconds of work after which the event loop has its turn. */
const SLICE = 15

export interface Publisher {
  /** The text of this file has changed: its problems go out first, unless a newer change is waiting. */
  edited(uri: string): void
  /** Anything may have changed: every file is looked at again. */
  refresh(): void
  /** How many files have not been looked at since the last change. */
  waiting(): number
}

export interface Outlet {
  readonly session: Session
  readonly runtime: Runtime
  readonly client: () => Client
  readonly send: (params: PublishDiagnosticsParams) => void
  readonly log: Log
}

/** A publisher that has sent nothing yet. */
export function createPublisher(outlet: Outlet): Publisher {
  const { session, runtime } = outlet
  const sent = new Map<string, { readonly version: number | undefined; readonly content: string }>()
  let queue: string[] = []
  let round = 0
  const publish = handle('publishDiagnostics', outlet.log, (uri: string) => publishOne(outlet, sent, uri), undefined)

  const slice = (of: number) => {
    const until = runtime.now() + SLICE
    while (of === round && queue.length > 0 && runtime.now() < until) publish(queue.shift() ?? '')
    if (of === round && queue.length > 0) runtime.defer(() => slice(of))
  }
  const start = (first: string | undefined) => {
    const of = ++round
    // Two turns: a change that waits in the connection's queue comes before the second one.
    runtime.defer(() =>
      runtime.defer(() => {
        const { phase } = session.get()
        if (of !== round || phase === 'starting') return
        if (first !== undefined) publish(first)
        if (phase !== 'ready') return
        queue = order(session, sent.keys()).filter(uri => uri !== first)
        runtime.defer(() => slice(of))
      }),
    )
  }
  return { edited: start, refresh: () => start(undefined), waiting: () => queue.length }
}

/** Every file that may have problems or had some, open ones first. */
function order(session: Session, sent: Iterable<string>): string[] {
  const { open, snapshot } = session.get()
  return [...new Set([...open.keys(), ...snapshot.files.keys(), ...sent])]
}

function publishOne(
  outlet: Outlet,
  sent: Map<string, { readonly version: number | undefined; readonly content: string }>,
  uri: string,
): void {
  const state = outlet.session.get()
  const file = state.snapshot.files.get(uri)
  const before = sent.get(uri)
  if (!file && !state.open.has(uri)) {
    sent.delete(uri)
    if (before && before.content !== '[]') outlet.send({ uri, diagnostics: [] })
    return
  }
  const version = file?.version ?? state.open.get(uri)?.version
  const all: Diagnostic[] = file ? diagnostics(state.snapshot, uri, outlet.client()) : []
  const found = state.phase === 'ready' ? all : all.filter(d => !NEEDS_ALL.has(String(d.code)))
  if (!before && version === undefined && found.length === 0 && !(file && holdsPolicies(file))) return
  const content = JSON.stringify(found)
  if (before?.content === content && (version === undefined || before.version === version)) return
  sent.set(uri, { version, content })
  outlet.send(version === undefined ? { uri, diagnostics: found } : { uri, version, diagnostics: found })
}

function holdsPolicies(file: File): boolean {
  return file.documents.some(document => policyRoots(document).length > 0)
}
