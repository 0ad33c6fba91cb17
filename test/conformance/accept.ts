// Asks Kubernetes' and Cilium's own code whether they accept documents.
import type { Version } from '../../server/src/model/version.ts'
import { goProgram } from './goProgram.ts'
import { ask } from './program.ts'

/** Where a document fails (test/conformance/go/cilium/accept/main.go says what each layer is); empty when it is accepted. */
export type Layer = '' | 'yaml' | 'kind' | 'schema' | 'strict' | 'decode' | 'parse' | 'panic'

export interface Answer {
  readonly layer: Layer
  readonly errors?: readonly string[]
}

/** What that version's API server and agent say of each text, in the same order. */
export async function answers(version: Version, texts: readonly string[]): Promise<readonly Answer[]> {
  const program = await goProgram({ command: 'accept', minor: version })
  const all: Answer[] = []
  for await (const answer of ask(program, texts)) all.push(answer as Answer)
  return all
}
