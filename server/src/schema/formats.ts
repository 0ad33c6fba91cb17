// The string formats of the schemas: linear equivalents of the CRD's patterns, which backtrack without end in V8.

const WORD = /^[-\w]+$/

const dotted = (text: string, label: RegExp): boolean => {
  const body = text.endsWith('.') ? text.slice(0, -1) : text
  return body !== '' && body.split('.').every(part => label.test(part))
}

/** `^([-a-zA-Z0-9_]+[.]?)+$` */
const fqdnName = (text: string): boolean => dotted(text, WORD)
/** `^([-a-zA-Z0-9_*]+[.]?)+$` */
const fqdnPattern = (text: string): boolean => dotted(text, /^[-\w*]+$/)

/** The CRD's unanchored pair of patterns: begins with a digit, or ends like a port name. */
function port(text: string): boolean {
  const first = text.charCodeAt(0)
  if (first >= 48 && first <= 57) return true
  for (let i = text.length - 1; i >= 0; i--) {
    const c = text[i] ?? ''
    if (/[a-zA-Z]/.test(c)) return true
    if (/[0-9]/.test(c)) continue
    if (c === '-' && i < text.length - 1 && text[i + 1] !== '-') continue
    return false
  }
  return false
}

/** net.ParseCIDR as the API server's `cidr` format uses it: leading zeros pass, a missing length does not. */
function cidr(text: string): boolean {
  const slash = text.indexOf('/')
  if (slash === -1) return false
  const address = text.slice(0, slash)
  const length = text.slice(slash + 1)
  if (!/^[0-9]{1,8}$/.test(length)) return false
  return address.includes(':') ? Number(length) <= 128 && ipv6(address) : Number(length) <= 32 && ipv4(address)
}

function ipv4(text: string): boolean {
  const parts = text.split('.')
  return parts.length === 4 && parts.every(p => /^[0-9]{1,8}$/.test(p) && Number(p) <= 255)
}

function ipv6(text: string): boolean {
  const halves = text.split('::')
  if (halves.length > 2) return false
  const groups = halves.map(half => (half === '' ? [] : half.split(':')))
  const all = groups.flat()
  const last = all.at(-1)
  const mapped = last?.includes('.') ? last : undefined
  if (mapped && (!ipv4(mapped) || groups.at(-1)?.length === 0)) return false
  const words = mapped ? all.slice(0, -1) : all
  if (!words.every(g => /^0*[0-9a-fA-F]{1,4}$/.test(g))) return false
  const count = words.length + (mapped ? 2 : 0)
  return halves.length === 2 ? count < 8 : count === 8
}

/** RFC 1123 subdomain without a length limit (the schema has its own). */
export function dnsSubdomain(text: string): boolean {
  return text.split('.').every(dnsLabel)
}

/** RFC 1123 label without a length limit. */
export function dnsLabel(text: string): boolean {
  return /^[a-z0-9][-a-z0-9]*$/.test(text) && !text.endsWith('-')
}

/** By the names that the schemas use. */
export const formats: Readonly<Record<string, (text: string) => boolean>> = {
  'fqdn-name': fqdnName,
  'fqdn-pattern': fqdnPattern,
  'server-name': fqdnPattern,
  'server-name-119': text => fqdnName(text.replace(/^\*?\*\./, '')),
  'label-value': text => text === '' || (/^[A-Za-z0-9][-A-Za-z0-9_.]*$/.test(text) && /[A-Za-z0-9]$/.test(text)),
  'dns-subdomain-crd': dnsSubdomain,
  printable: text => /^\P{C}*$/u.test(text),
  timestamp: text => /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:[Zz]|[-+]\d\d:\d\d)$/.test(text),
  port,
  cidr,
}

/** Length in code points, as the API server counts. */
export function ucs2length(text: string): number {
  let n = 0
  for (const _ of text) n++
  return n
}

/** The compiled schemas' list of errors, with more of them at its end. */
export function together<T>(errors: T[], more: readonly T[]): T[] {
  for (const error of more) errors.push(error)
  return errors
}
