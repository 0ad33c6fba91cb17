// Sends problems: the edited file's at once, the others' in slices, open ones first, and only what differs from what was sent.

import type { Diagnostic, PublishDiagnosticsParams } from 'vscode-languageserver-protocol'
import type { Client } from '../features/convert.ts'
import { diagnostics } from '../features/diagnostics.ts'
import { policyRoots } from '../model/kinds.ts'
import { check, checkApart, lastFound } from '../rules/check.ts'
import { prepare } from '../rules/prepare.ts'
import type { Document, File } from '../syntax/file.ts'
import type { Log } from './handle.ts'
import { handle } from './handle.ts'
import type { Runtime } from './runtime.ts'
import type { Session } from './session.ts'

/** Problems of one file that are sent: nobody reads more, and an editor gets slow. */
const MOST = 2000

/** Milliseconds of work after which whoever asks for something is answered. */
const SLICE = 4

/** Milliseconds after an edited file's problems in which an editor asks for completions, hovers and actions: the rest of the work waits. */
const REST = 30

/** Milliseconds without a change after which the server is at rest. */
const IDLE = 5000

/** A file of so many documents is not judged as a whole before anything is shown, but for this many milliseconds. */
const LONG = 20
const AT_FIRST = 12

export interface Publisher {
  /**
   * The text of this file has changed: its problems go out first, unless a newer change is waiting. Those of its other documents are
   * sent as they were found before, and once more when the change has something to say about them.
   */
  edited(uri: string): void
  /** Anything may have changed: every file is looked at again. */
  refresh(): void
}

export interface Outlet {
  readonly session: Session
  readonly runtime: Runtime
  readonly client: () => Client
  readonly send: (params: PublishDiagnosticsParams) => void
  /** Goes on reading a long text, now that the problems of its beginning are out. */
  readonly readOn: (uri: string) => void
  readonly log: Log
}

interface Sent {
  readonly version: number | undefined
  readonly content: string
}

/** A publisher that has sent nothing yet. */
export function createPublisher(outlet: Outlet): Publisher {
  const { session, runtime } = outlet
  const sent = new Map<string, Sent>()
  const publish = handle('publishDiagnostics', outlet.log, (of: Publication) => publishOne(outlet, sent, of), undefined)
  let round = 0
  /** Every file has been judged since anything but the text of an open file has changed. */
  let complete = false
  /** Every document has been read and judged by itself since then. */
  let prepared = false

  function* all(first: string | undefined): Generator<'rest' | undefined> {
    const { snapshot, phase, reading } = session.get()
    for (const uri of session.get().open.keys()) if (!sent.has(uri)) yield* beginning(uri)
    for (const uri of session.get().reading.keys()) outlet.readOn(uri)
    if (phase !== 'ready') {
      if (first !== undefined) yield* one(first, checkApart)
      return
    }
    const file = first === undefined ? undefined : snapshot.files.get(first)
    const known = prepared && reading.size === 0
    for (const _ of prepare(snapshot, !known ? undefined : file ? [file] : [])) yield undefined
    prepared = true
    if (first !== undefined && complete) {
      yield* one(first, lastFound)
      yield 'rest'
    }
    if (first !== undefined) yield* one(first)
    for (const uri of order(session, sent.keys())) {
      // A long text grows: every file is judged when it is wholly read.
      if (session.get().reading.size > 0) return
      if (uri !== first) yield* one(uri)
    }
    complete = true
  }
  /**
   * Of a file that is opened, what is wrong in its documents by themselves goes out before other files are judged; of a long one,
   * what is wrong in the first of them.
   */
  function* beginning(uri: string): Generator<undefined> {
    const { snapshot, reading } = session.get()
    const documents = snapshot.files.get(uri)?.documents ?? []
    const long = documents.length >= LONG || reading.has(uri)
    if (complete && !long) return
    const judged = new Set<Document>()
    const until = runtime.now() + AT_FIRST
    for (const document of documents) {
      if (long && runtime.now() > until) break
      checkApart(session.get().snapshot, document)
      judged.add(document)
      yield undefined
    }
    publish({ uri, judge: (snapshot, document) => (judged.has(document) ? checkApart(snapshot, document) : []) })
  }
  /** Checks document by document, so that a file of thousands holds nobody up, and sends. */
  function* one(uri: string, judge = check): Generator<undefined> {
    const { snapshot, reading } = session.get()
    if (reading.has(uri)) return
    for (const document of snapshot.files.get(uri)?.documents ?? []) {
      judge(snapshot, document)
      yield undefined
    }
    publish({ uri, judge })
    yield undefined
  }
  const finished = (of: number) => {
    const { relax } = runtime
    if (relax) runtime.rest(IDLE, () => of === round && relax())
  }
  const turn = (of: number, steps: Generator<'rest' | undefined>) => {
    const until = runtime.now() + SLICE
    while (of === round && runtime.now() < until) {
      const { done, value } = steps.next()
      if (done) return finished(of)
      if (value === 'rest') return runtime.rest(REST, () => turn(of, steps))
    }
    if (of === round) runtime.defer(() => turn(of, steps))
  }
  const start = (first: string | undefined) => {
    const of = ++round
    // Two turns: a change that waits in the connection's queue comes before the second one.
    runtime.defer(() =>
      runtime.defer(() => {
        if (session.get().phase !== 'starting') turn(of, all(first))
      }),
    )
  }
  return {
    edited: start,
    refresh: () => {
      complete = false
      prepared = false
      start(undefined)
    },
  }
}

/** Every file that may have problems or had some, open ones first. */
function order(session: Session, sent: Iterable<string>): string[] {
  const { open, snapshot } = session.get()
  return [...new Set([...open.keys(), ...snapshot.files.keys(), ...sent])]
}

interface Publication {
  readonly uri: string
  readonly judge: typeof check
}

function publishOne(outlet: Outlet, sent: Map<string, Sent>, { uri, judge }: Publication): void {
  const state = outlet.session.get()
  const file = state.snapshot.files.get(uri)
  const before = sent.get(uri)
  if (!file && !state.open.has(uri)) {
    sent.delete(uri)
    if (before && before.content !== '[]') outlet.send({ uri, diagnostics: [] })
    return
  }
  const version = file?.version ?? state.open.get(uri)?.version
  const all: Diagnostic[] = file ? diagnostics(state.snapshot, uri, outlet.client(), judge) : []
  const found = all.slice(0, MOST)
  if (!before && version === undefined && found.length === 0 && !(file && holdsPolicies(file))) return
  const content = JSON.stringify(found)
  if (before?.content === content && (version === undefined || before.version === version)) return
  sent.set(uri, { version, content })
  outlet.send(version === undefined ? { uri, diagnostics: found } : { uri, version, diagnostics: found })
}

function holdsPolicies(file: File): boolean {
  return file.documents.some(document => policyRoots(document).length > 0)
}
