// A policy file beside a kustomization.yaml that does not list it: it is never applied.

import { memo } from '../memo.ts'
import { addItem } from '../syntax/edit.ts'
import type { Document, File } from '../syntax/file.ts'
import { get, items, str } from '../syntax/node.ts'
import { folderOf, kustomizationFiles, uriOf } from '../workspace/documents.ts'
import type { Snapshot } from '../workspace/snapshot.ts'
import { wordSpan } from './common.ts'
import type { WorkspaceRule } from './rule.ts'

export const unlistedFile: WorkspaceRule = {
  id: 'unlisted-file',
  scope: 'workspace',
  severity: 'warning',
  summary: 'A policy file that its kustomization does not list',
  why: 'Where a folder has a kustomization.yaml, only the files under its `resources` are applied. A policy that is not listed is never enforced. A file that the kustomization names anywhere, in a comment for instance, is left out on purpose.',
  source: 'kustomize: resources of a kustomization',
  *check(policy, snapshot) {
    const uri = uriOf(snapshot, policy.document)
    if (uri === undefined || !snapshot.files.has(uri) || snapshot.files.get(uri)?.documents.some(d => d.templated))
      return
    const folder = folderOf(uri)
    const name = decodeURIComponent(uri.slice(folder.length))
    const own = kustomizations(snapshot.files).find(k => k.folder === folder)
    if (!own || own.file.text.includes(name) || own.generates || listedElsewhere(snapshot.files, uri)) return
    const list = get(own.document.root, 'resources')
    yield {
      span:
        (policy.name?.node ?? policy.root).kind === 'scalar'
          ? wordSpan(policy.name?.node ?? policy.root)
          : wordSpan(policy.root),
      message: `the kustomization.yaml of this folder does not list ${name}, so this policy is never applied: add it to \`resources\``,
      fixes:
        list?.kind === 'seq' && list.items.length > 0
          ? [
              {
                title: `Add ${name} to resources of kustomization.yaml`,
                preferred: true,
                edits: () =>
                  addItem(own.document, list, list.items.some(i => str(i)?.startsWith('./')) ? `./${name}` : name),
              },
            ]
          : [],
      related: [
        {
          place: { document: own.document, span: wordSpan(own.document.root ?? policy.root) },
          message: 'the kustomization',
        },
      ],
    }
  },
}

interface Kustomization {
  readonly folder: string
  readonly file: File
  readonly document: Document
  /** What it refers to, as URIs without a slash at the end. */
  readonly targets: ReadonlySet<string>
  /** Generators, charts and transformers may take in any file of the folder. */
  readonly generates: boolean
}

const kustomizations = memo((files: Snapshot['files']): readonly Kustomization[] =>
  kustomizationFiles(files).flatMap(file => {
    const document = file.documents.find(d => d.root?.kind === 'map')
    const folder = folderOf(file.uri)
    return document && document.errors.length === 0 ? [kustomization(file, document, folder)] : []
  }),
)

function kustomization(file: File, document: Document, folder: string): Kustomization {
  const { root } = document
  const named = ['resources', 'bases', 'components', 'crds'].flatMap(key =>
    items(get(root, key)).flatMap(i => str(i) ?? []),
  )
  const targets = new Set(named.map(n => resolve(folder, n)))
  const generates = ['generators', 'transformers', 'helmCharts'].some(key => get(root, key) !== undefined)
  return { folder, file, document, targets, generates }
}

function resolve(folder: string, path: string): string {
  const steps = folder.split('/').slice(0, -1)
  for (const step of path.split('/')) {
    if (step === '..') steps.pop()
    else if (step !== '.' && step !== '') steps.push(encodeURIComponent(step))
  }
  return steps.join('/')
}

const listedElsewhere = (files: Snapshot['files'], uri: string): boolean =>
  kustomizations(files).some(k => k.targets.has(uri))

/** Whether one kustomization lists both files. */
export const isAppliedWith = (files: Snapshot['files'], a: string, b: string): boolean =>
  kustomizations(files).some(k => k.targets.has(a) && k.targets.has(b))
