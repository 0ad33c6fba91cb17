// The fast reader gives what the exact one gives, to the last span and comment, for every text that it takes.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { compose } from '../../server/src/syntax/compose.ts'
import { readPlain } from '../../server/src/syntax/plain.ts'
import { deployment, inventory, policyFile } from '../bench/corpus.ts'
import fc from '../property.ts'
import { written } from './written.ts'

/** A placeholder as Flux and envsubst have them. */
const PLACEHOLDER = `$\{X}`

const MANY = Number(process.env.RUNS ?? 3000)

/** Whether the fast reader takes the text; fails when what it gives is not what `compose` gives. */
function takes(text: string): boolean {
  const fast = readPlain(text)
  if (fast) assert.deepStrictEqual(written(fast), written(compose(text)), JSON.stringify(text))
  return fast !== undefined
}

const TAKEN: Readonly<Record<string, string>> = {
  'maps and lists': 'a:\n  b:\n    - c\n    - d: 1\n      e: "2"\n    -   f: x\n        g: y\nh: i\n',
  'lists as deep as their keys': 'a:\n  b:\n  - c\n  - d: e\n  f: g\nh:\n- i\nj:\n- k\n',
  'missing values': 'a:\nb:\n  c:\n  d:   \n\n\ne:\n  - f:\ng:\n',
  comments: '# a\n\n  # b\n--- # c\n# d\ne: f # g\n# h\ni:\n  # j\n  k: l\n  # m\n  n: o#p # q\n# r\n',
  'comments that belong to what they follow':
    'a:\n  b:\n    - c\n    # d\n\n  # e\n  f:\n    - g\n  # h\ni:\n  - j\n  # k\n',
  'values on the next line': 'a:\n  {}\nb:\n  # c\n  [d]\ne:\n    "f"\ng:\n  h i\n',
  'no line break at the end': 'a: b',
  'flow style': 'a: {}\nb: []\nc: [d, "e: f", {g: h, i: [1, 2]}]\nj: { k: l , m: k8s:n }\n'.replace('\n- o: p', ''),
  'flow style in lists': 'a:\n  - [b, c]\n  - {d: e}\n  - {}\n',
  numbers: 'a: 1\nb: 010\nc: yes\nd: ~\ne: 1e3\nf: 0x1F\ng: 1_000\nh: +1\n80: i\non: j\n',
  placeholders: `a: ${PLACEHOLDER}\nb: "${PLACEHOLDER}"\nc: d-${PLACEHOLDER}-e\n`,
  'odd plain text': `a: b c\nd: e'f"g\nh: /i/j?k=l&m\nn: o*\np: (q|r)+\ns: 10.0.0.0/8\n`,
  'Unicode in quotes and comments': '# ä€\na: "ü"\n',
}

for (const [name, text] of Object.entries(TAKEN)) {
  test(`takes ${name}`, () => assert.ok(takes(text), text))
}

const LEFT: Readonly<Record<string, string>> = {
  tabs: 'a:\tb\n',
  'carriage returns': 'a: b\r\n',
  'a byte order mark': '\uFEFFa: b\n',
  templates: 'a: {{ .b }}\n',
  'anchors and aliases': 'a: &b c\nd: *b\n',
  tags: 'a: !!str b\n',
  'merge keys': 'a:\n  <<: {b: c}\n',
  'block scalars': 'a: |\n  b\n',
  'text on several lines': 'a: b\n  c\n',
  escapes: 'a: "b\\n"\n',
  'doubled keys': 'a: b\na: c\n',
  'doubled keys among many': `${Array.from({ length: 20 }, (_, i) => `k${i}: v\n`).join('')}k15: w\n`,
  'a value that looks like a map': 'a: b: c\n',
  'nothing at all': '',
  'lists of lists': 'a:\n  - - b\n',
  'what stands behind the end of a document': 'a: b\n...  c: d\n',
  'a dash alone': 'a:\n  -\n    b: c\n',
}

for (const [name, text] of Object.entries(LEFT)) {
  test(`leaves ${name} to compose`, () => assert.ok(!takes(text), text))
}

const TEXTS = [
  ...policyFile(8).split('---\n'),
  deployment(3, 2),
  inventory(2, 1),
  readFileSync(new URL('../../examples/policies/kube-system/hubble-ui.yaml', import.meta.url), 'utf8'),
  ...Object.values(TAKEN),
  ...Object.values(LEFT),
]

test('takes what people write', () => {
  for (const text of policyFile(60).split('---\n')) assert.ok(takes(text), text)
})

const PIECES = [
  '',
  ' ',
  '  ',
  '\n',
  '\n\n',
  '- ',
  ': ',
  ':',
  '"',
  "'",
  '[',
  ']',
  '{',
  '}',
  ', ',
  '#',
  ' # c',
  '\n  # c\n',
  '\n# c\n',
  '\n        # c\n',
  'a: b\n',
  '\n- a\n',
  '---\n',
  '...\n',
  '... ',
  '\n... ',
  '&a ',
  '*a',
  '!t ',
  '| \n',
  '? ',
  '%',
  '@',
  '`',
  PLACEHOLDER,
  '<<: ',
  'é',
  '\u2028',
  '\t',
  '\r\n',
]

test('a policy with a piece torn out and another put in', () => {
  const torn = fc.property(
    fc.constantFrom(...TEXTS),
    fc.nat(),
    fc.nat({ max: 12 }),
    fc.constantFrom(...PIECES),
    (text, at, length, piece) => {
      const start = at % (text.length + 1)
      takes(text.slice(0, start) + piece + text.slice(start + length))
    },
  )
  fc.assert(torn, { numRuns: MANY })
})

test('lines of YAML in any order and at any depth', () => {
  const line = fc.tuple(
    fc.nat({ max: 4 }),
    fc.constantFrom('a:', 'b: c', '- d', '- e: f', '- g:', '# h', '', 'i: [j, k]', 'l: "m" # n', '- {o: p}', '-', 'q'),
  )
  const lines = fc.property(fc.array(line, { maxLength: 9 }), list => {
    takes(list.map(([depth, text], i) => `${' '.repeat(depth)}${text.replace(/^([a-q]):/, `$1${i}:`)}`).join('\n'))
  })
  fc.assert(lines, { numRuns: MANY })
})

/** Items of lists, as they are written after a dash: the lines below the first are indented from it. */
const ITEMS = [
  'toEndpoints:\n    - matchLabels:\n        app: web',
  'toEndpoints:\n    - matchLabels:\n        app: web\n  toPorts:\n    - ports:\n        - port: "80"',
  'fromEntities:\n  - world\n  - cluster',
  'fromEntities: [world, host] # all of it',
  'fromEntities:\n    # inside\n    - world\n  toPorts:',
  'toPorts:\n  icmps:',
  'a plain text that is longer than most',
  '{toEntities: [all], toPorts: []}',
  'toCIDR:\n\n    - 10.0.0.0/8',
]
const AFTER = [
  '\n',
  '\n\n',
  '\n# c\n',
  '\n      # c\n',
  '\n\n          # c\n',
  '\n   \n',
  ' # c\n',
  '\n  icmps: []\n',
  '\n\n  icmps: []\n',
  '\n @\n',
]

test('list items that were read before, elsewhere', () => {
  const item = fc.tuple(fc.constantFrom(...ITEMS), fc.constantFrom(...AFTER))
  const depth = fc.constantFrom(0, 2, 4, 6)
  let taken = 0
  const lists = fc.property(
    depth,
    fc.array(item, { minLength: 1, maxLength: 4 }),
    fc.boolean(),
    (deep, list, isLast) => {
      const pad = ' '.repeat(deep)
      const items = list.map(([text, after]) => `${pad}- ${text}${after}`.replace(/\n(?=.)/g, `\n${pad}`)).join('')
      const head = deep > 2 ? '# c\nspec:\n  egress:\n' : 'egress:\n'
      if (takes(`${head}${isLast ? items.trimEnd() : items}${isLast ? '' : 'last: 1\n'}`)) taken++
    },
  )
  fc.assert(lists, { numRuns: MANY })
  assert.ok(taken > MANY / 10, `${taken} taken`)
})

test('any text in a value', () => {
  const text = fc.string({ unit: fc.constantFrom(...' abz019-_.,:;#/\\*&!|>\'"%@`?[]{}()$+^~<='), maxLength: 12 })
  fc.assert(
    fc.property(text, value => {
      takes(`a: ${value}\nb: [${value}]\n`)
      takes(`a: ${value}\n`)
      takes(`a:\n  - ${value}\n`)
      takes(`${value}: b\n`)
      takes(`a: {${value}: c}\n`)
      takes(`a: [${value}, c]\n`)
      takes(`a: {b: ${value}}\n`)
    }),
    { numRuns: MANY },
  )
})
