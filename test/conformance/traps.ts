// Changes the text of a document as YAML knows it: line ends, directives, anchors, merges, tags, what is not YAML at all.
import type { Random } from './random.ts'

type Trap = (text: string, random: Random) => string

/** One line of the text is replaced; `change` may give several lines or none. */
const onLine =
  (change: (line: string, random: Random) => string): Trap =>
  (text, random) => {
    const lines = text.split('\n')
    const i = random.below(Math.max(1, lines.length - 1))
    lines[i] = change(lines[i] ?? '', random)
    return lines.join('\n')
  }
const margin = (line: string): string => /^ */.exec(line)?.[0] ?? ''
/** Changes the value after `key: `, when the line has one. */
const onValue =
  (change: (value: string, random: Random) => string): Trap =>
  (text, random) => {
    const lines = text.split('\n')
    const some = lines.flatMap((line, i) =>
      /^[ -]*[\w"'/.:-]+: \S/.test(line) && !/^"?(kind|apiVersion)/.test(line) ? [i] : [],
    )
    if (some.length === 0) return text
    const i = random.pick(some)
    lines[i] = (lines[i] ?? '').replace(/: (.*)$/, (_, value: string) => `: ${change(value, random)}`)
    return lines.join('\n')
  }
const append =
  (...lines: string[]): Trap =>
  text =>
    `${text}${lines.join('\n')}\n`
const prepend =
  (...lines: string[]): Trap =>
  text =>
    `${lines.join('\n')}\n${text}`

const CHARACTERS = [
  '\u0000',
  '\u0001',
  '\u0007',
  '\u0008',
  '\u000b',
  '\u000c',
  '\u001b',
  '\u007f',
  '\u0080',
  '\u0085',
  '\u009f',
  '\u00a0',
  '\u2028',
  '\u2029',
  '\ufeff',
  '\ufffe',
  '\uffff',
  '\ue000',
  '😀',
  '\t',
  '\r',
  '\ud800',
]

/** What means something to YAML, or looks as if it did. */
const INDICATORS =
  '-|- |--- |? |?|: |:|,|, |[|]|{|}|#| #|&a |*a |!|!!str |!<x> ||>|\'|"|%|@|`|\\|<<: |~|\n|\n  |\n- |\t|...|=|\u0020'.split(
    '|',
  )

/** Puts something between two characters. */
const insert: Trap = (text, random) => {
  const at = random.below(text.length + 1)
  return text.slice(0, at) + random.pick(INDICATORS.concat('|')) + text.slice(at)
}
/** Takes a few characters away. */
const remove: Trap = (text, random) => {
  const at = random.below(text.length + 1)
  return text.slice(0, at) + text.slice(at + 1 + random.below(3))
}
/** Moves some lines to the right or to the left. */
const shift: Trap = (text, random) => {
  const lines = text.split('\n')
  const from = random.below(lines.length)
  const to = from + 1 + random.below(4)
  const by = random.pick([-2, -1, 1, 2, 4])
  return lines
    .map((line, i) =>
      i < from || i >= to ? line : by > 0 ? ' '.repeat(by) + line : line.replace(new RegExp(`^ {1,${-by}}`), ''),
    )
    .join('\n')
}
/** Exchanges two lines, or joins them. */
const disorder: Trap = (text, random) => {
  const lines = text.split('\n')
  const [a, b] = [random.below(lines.length), random.below(lines.length)]
  const [one = '', two = ''] = [lines[a], lines[b]]
  if (random.chance(0.5)) lines.splice(a, 2, `${one} ${(lines[a + 1] ?? '').trimStart()}`)
  else {
    lines[a] = two
    lines[b] = one
  }
  return lines.join('\n')
}

const TRAPS: readonly Trap[] = [
  ...Array.from({ length: 12 }, () => insert),
  remove,
  remove,
  remove,
  shift,
  shift,
  disorder,
  disorder,
  (text, random) => insert(insert(text, random), random),
  (text, random) => insert(shift(text, random), random),
  text => `\ufeff${text}`,
  text => text.replaceAll('\n', '\r\n'),
  text => text.replaceAll('\n', '\r'),
  text => text.replace(/\n$/, ''),
  text => `${text}\n\n\n`,
  text => `${text}   `,
  text => `${text}\t\n`,
  text => `${text} \t# comment\n`,
  prepend('---'),
  prepend('--- # comment'),
  prepend('# comment', '', '---'),
  prepend('', '', ''),
  prepend('\t'),
  prepend('   # a'),
  prepend('%YAML 1.1', '---'),
  prepend('%YAML 1.2', '---'),
  prepend('%YAML 2.0', '---'),
  prepend('%YAML 1.1'),
  prepend('%TAG !e! tag:example.com,2000:', '---'),
  prepend('%FOO bar', '---'),
  prepend('--- !foo'),
  prepend('--- &a'),
  prepend('--- !!map'),
  prepend('--- !!seq'),
  append('...'),
  append('...', 'text after the end'),
  append('...', '# comment'),
  append('# comment'),
  append('foo'),
  append('foo: bar'),
  append('foo:'),
  append('foo: ~'),
  append('- a'),
  append('  a: b'),
  append(' # comment'),
  append('status: {}'),
  append('status: 5'),
  append('status: []'),
  append('status: {foo: bar}'),
  append('status: {conditions: []}'),
  append('status: {conditions: [{type: Valid, status: "True"}]}'),
  append('status: {conditions: [{type: Valid}]}'),
  append('status: {derivativePolicies: {a: {ok: yes}}}'),
  append('specs: null'),
  append('specs: []'),
  append('spec: null'),
  append('Kind: CiliumNetworkPolicy'),
  append('"kind": CiliumNetworkPolicy'),
  append('<<: {}'),
  append('<<: {foo: bar}'),
  append('<<: null'),
  append('<<: [{}, {}]'),
  append('"<<": {}'),
  append('? foo'),
  append('? foo', ': bar'),
  append('? [a]', ': bar'),
  append('[a]: b'),
  append('{a: b}: c'),
  append('yes: a'),
  append('1: a'),
  append('~: a'),
  append('!!str foo: a'),
  append('&a foo: *a'),
  append('foo: *unknown'),
  append('.inf: a'),
  onLine(line => `${line} # comment`),
  onLine(line => `${line}# comment`),
  onLine(line => `${line} `),
  onLine(line => `${line}\t`),
  onLine(line => ` ${line}`),
  onLine(line => `  ${line}`),
  onLine(line => line.replace(/^ /, '')),
  onLine(line => `\t${line.trimStart()}`),
  onLine(line => line.replace(/^( *)/, '$1\t')),
  onLine(line => line.replace(/: /, ':')),
  onLine(line => line.replace(/: /, ':  ')),
  onLine(line => line.replace(/: /, ':\t')),
  onLine(line => line.replace(/: /, ' : ')),
  onLine(line => line.replace(/- /, '-')),
  onLine(line => line.replace(/- /, '-   ')),
  onLine(line => line.replace(/- /, '-\t')),
  onLine(line => line.replace(/- /, '- - ')),
  onLine(line => line.replace(/:$/, '')),
  onLine(line => `${line}\n${line}`),
  onLine(line => `${margin(line)}# comment\n${line}`),
  onLine(line => `\n${line}`),
  onLine(line => `   \n${line}`),
  onLine(line => `\t\n${line}`),
  onLine(() => ''),
  onLine(line => `${line}\n${margin(line)}continued`),
  onLine(line => `${line}\n${margin(line)}   continued`),
  onLine(line => `${line}"`),
  onLine(line => `${line},`),
  onLine(line => `${line}]`),
  onLine(line => line.replace(/["'}\]]/, '')),
  onLine(line => line.slice(0, Math.max(0, line.length - 3))),
  onLine(line => line.replace(/(\w+):/, '? $1\n:')),
  onLine((line, random) => {
    const at = random.below(line.length + 1)
    return line.slice(0, at) + random.pick(CHARACTERS) + line.slice(at)
  }),
  onLine((line, random) => {
    const at = random.below(line.length + 1)
    return line.slice(0, at) + random.pick(CHARACTERS) + line.slice(at)
  }),
  onLine(line => `${line} &anchor`),
  onLine(line => line.replace(/:$/, ': &anchor')),
  onLine(line => line.replace(/:$/, ': !tag')),
  onLine(line => line.replace(/:$/, ': !!map')),
  onLine(line => line.replace(/:$/, ': !!seq')),
  onLine(line => line.replace(/- (\w)/, '- &a $1')),
  onValue(value => `&anchor ${value}`),
  onValue(value => `!tag ${value}`),
  onValue(value => `!!str ${value}`),
  onValue(value => `!!int ${value}`),
  onValue(value => `!!binary ${value}`),
  onValue(value => `! ${value}`),
  onValue(value => `|\n          ${value.replace(/^["']|["']$/g, '')}`),
  onValue(value => `|-\n          ${value.replace(/^["']|["']$/g, '')}`),
  onValue(value => `>-\n          ${value.replace(/^["']|["']$/g, '')}`),
  onValue(value => `>+\n          ${value.replace(/^["']|["']$/g, '')}\n\n`),
  onValue(value => `|2\n ${value}`),
  onValue(value => `|9-\n              ${value}`),
  onValue(value => `\n            ${value}`),
  onValue(value => `"${value}`),
  onValue(value => `"${value.replace(/["']/g, '')}\\\n            "`),
  onValue(value => `"${value.replace(/["']/g, '')}\n            more"`),
  onValue(value => `${value}: x`),
  onValue(value => `- ${value}`),
  onValue(value => `${value} #not: comment`),
  onValue(value => `[${value}`),
  onValue(value => `{${value}}`),
  onValue(() => ''),
  (text, random) => text.slice(0, random.below(text.length)),
  text =>
    text.replace(
      /^( *)(\w+):\n((?:\1 +.*\n)+)/m,
      (_, m: string, key: string, body: string) => `${m}${key}: &part\n${body}${m}<<: *part\n`,
    ),
  text => text.replace(/^metadata:/m, 'metadata: &meta').concat('x-meta: *meta\n'),
  text => text.replace(/matchLabels:\n( +)(\S+): (.*)/, 'matchLabels:\n$1<<: {app: merged}\n$1$2: $3'),
  text => text.replace(/matchLabels:\n( +)(\S+): (.*)/, 'matchLabels:\n$1<<: {team: merged}\n$1$2: $3'),
  text => text.replace(/matchLabels:\n( +)(\S+): (.*)/, 'matchLabels:\n$1$2: &v $3\n$1team: *v'),
  text => text.replace(/matchLabels:\n( +)(\S+): (.*)/, 'matchLabels:\n$1$2: $3\n$1<<: [{a: b}, {a: c}]'),
  text => text.replace(/matchLabels:\n( +)(\S+): (.*)/, 'matchLabels:\n$1$2: $3\n$1<<: {a: b}\n$1<<: {c: d}'),
  text => text.replace(/matchLabels:\n( +)/, 'matchLabels: &self\n$1self: *self\n$1'),
  text => text.replace(/^(spec:\n)/m, '$1  <<: {description: merged}\n'),
  text => text.replace(/^(spec:\n)/m, '$1  <<: {foo: merged}\n'),
  text => text.replace(/name: (.*)/, 'name: $1\n  generateName: a-'),
  text => text.replace(/name: (.*)/, 'generateName: a-'),
  text => text.replace(/name: (.*)/, 'generateName: A_'),
  text => text.replace(/metadata:\n( +)/, 'metadata:\n$1resourceVersion: "1"\n$1'),
  text => text.replace(/metadata:\n( +)/, 'metadata:\n$1uid: a\n$1creationTimestamp: null\n$1generation: 3\n$1'),
  text => text.replace(/metadata:\n( +)/, 'metadata:\n$1creationTimestamp: yesterday\n$1'),
  text => text.replace(/metadata:\n( +)/, 'metadata:\n$1finalizers: [a/b]\n$1'),
  text => text.replace(/metadata:\n( +)/, 'metadata:\n$1finalizers: ["a b"]\n$1'),
  text =>
    text.replace(/metadata:\n( +)/, 'metadata:\n$1ownerReferences: [{apiVersion: v1, kind: A, name: a, uid: b}]\n$1'),
  text => text.replace(/metadata:\n( +)/, 'metadata:\n$1ownerReferences: [{kind: A}]\n$1'),
  text => text.replace(/metadata:\n( +)/, 'metadata:\n$1managedFields: [{a: b}]\n$1'),
  text => text.replace(/metadata:\n( +)/, 'metadata:\n$1annotations: {a b: c}\n$1'),
  text => text.replace(/metadata:\n( +)/, 'metadata:\n$1annotations: {A/b: "c d\\n"}\n$1'),
  text => text.replace(/metadata:\n( +)/, 'metadata:\n$1annotations: {a: 1}\n$1'),
  text => text.replace(/metadata:\n( +)/, 'metadata:\n$1labels: {a: "b c"}\n$1'),
  text => text.replace(/metadata:\n( +)/, 'metadata:\n$1labels: {"a:b": c}\n$1'),
  text => text.replace(/metadata:\n( +)/, 'metadata:\n$1labels: {a: null}\n$1'),
  text => text.replace(/metadata:\n( +)/, 'metadata:\n$1labels: []\n$1'),
  text => text.replace(/metadata:\n( +)/, 'metadata:\n$1clusterName: x\n$1'),
  text => text.replace(/metadata:\n( +)/, 'metadata:\n$1foo: x\n$1'),
  text => text.replace(/metadata:\n( +)/, 'metadata:\n$1Name: x\n$1'),
  text =>
    text.replace(
      /metadata:\n( +)/,
      'metadata:\n$1selfLink: x\n$1deletionTimestamp: 2024-01-01T00:00:00Z\n$1deletionGracePeriodSeconds: 5\n$1',
    ),
]

/** How many traps there are. */
export const TRAP_COUNT = TRAPS.length

/** The text with a trap in it. */
export function trap(text: string, index: number, random: Random): string {
  const change = TRAPS[index % TRAPS.length]
  return change ? change(text, random) : text
}
