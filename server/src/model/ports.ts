// Ports as the agent reads them: numbers with Go's automatic base, and names.

/** Whether the text is a port name (pkg/iana IsSvcName). */
export function isPortName(text: string): boolean {
  return (
    text.length >= 1 &&
    text.length <= 15 &&
    /^[a-zA-Z0-9-]+$/.test(text) &&
    /[a-zA-Z]/.test(text) &&
    !/^-|-$|--/.test(text)
  )
}

/**
 * The number that a port text stands for: Go's strconv.ParseUint(text, 0, 16). A leading zero makes it octal, `_` may
 * separate digits after a prefix or zero. Undefined for names and for what fails.
 */
export function parsePort(text: string): number | undefined {
  if (/^[1-9][0-9]{0,3}$/.test(text)) return Number(text)
  if (text.length > 24 || !/^[0-9]/.test(text)) return undefined
  const m = /^(0[xX]|0[bB]|0[oO]|0)?(.*)$/s.exec(text)
  const prefix = (m?.[1] ?? '').toLowerCase()
  const rest = m?.[2] ?? ''
  if (prefix === '0' && rest === '') return 0
  const base = prefix === '0x' ? 16 : prefix === '0b' ? 2 : prefix === '' ? 10 : 8
  if (prefix === '' && rest.startsWith('_')) return undefined
  if (rest === '' || rest.endsWith('_') || rest.includes('__')) return undefined
  const digits = rest.replaceAll('_', '')
  const allowed = base === 16 ? /^[0-9a-fA-F]+$/ : base === 2 ? /^[01]+$/ : base === 8 ? /^[0-7]+$/ : /^[0-9]+$/
  if (!allowed.test(digits)) return undefined
  const value = Number.parseInt(digits, base)
  return value <= 65535 ? value : undefined
}

/** Protocols that `ANY`, or none written, stands for. */
export const TRANSPORTS = ['TCP', 'UDP', 'SCTP'] as const
