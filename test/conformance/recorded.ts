// The verdicts that are kept: what all versions of Cilium said of the documents of one seed, in a few kilobytes.

import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { VERSIONS, type Version } from '../../server/src/model/version.ts'
import { answers, type Layer } from './accept.ts'
import { first } from './compare.ts'
import { documents } from './generate.ts'

const FILE = new URL('recorded.json', import.meta.url)
const LAYERS: readonly Layer[] = ['', 'yaml', 'kind', 'schema', 'strict', 'decode', 'parse', 'panic']

export interface Recorded {
  readonly seed: number
  readonly count: number
  /** Of all texts: who changes the generator records anew. */
  readonly hash: string
  readonly layers: ReadonlyMap<Version, readonly Layer[]>
}

/** The documents of a seed, as the server would cut them out, and their hash. */
export function corpus(seed: number, count: number): { readonly texts: readonly string[]; readonly hash: string } {
  const texts = [...documents(seed, count)]
  const hash = createHash('sha256')
  for (const text of texts) hash.update(text).update('\0')
  return { texts, hash: hash.digest('hex') }
}

/** The verdicts that are kept. */
export function recorded(): Recorded {
  const { seed, count, hash, verdicts } = JSON.parse(readFileSync(FILE, 'utf8'))
  const bytes = inflateRawSync(Buffer.from(verdicts, 'base64'))
  const layers = VERSIONS.map((version, v): [Version, readonly Layer[]] => {
    const codes = Array.from(bytes.subarray(v * count, (v + 1) * count))
    return [version, codes.map(code => LAYERS[code] ?? '')]
  })
  return { seed, count, hash, layers: new Map(layers) }
}

/** Asks all versions about the documents of the seed that is kept, and keeps what they say. True when it is as before. */
export async function record(): Promise<boolean> {
  const before = readFileSync(FILE, 'utf8')
  const { seed, count } = JSON.parse(before)
  const { texts, hash } = corpus(seed, count)
  const plain = texts.map(text => first(text).text)
  const bytes = Buffer.alloc(count * VERSIONS.length)
  for (const [v, version] of VERSIONS.entries()) {
    const said = await answers(version, plain)
    for (const [i, { layer }] of said.entries()) bytes[v * count + i] = LAYERS.indexOf(layer)
  }
  const verdicts = deflateRawSync(bytes, { level: 9 }).toString('base64')
  const after = `${JSON.stringify({ seed, count, hash, verdicts }, null, 2)}\n`
  if (after !== before) writeFileSync(FILE, after)
  return after === before
}
