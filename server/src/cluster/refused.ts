// Why a request came to nothing, in words.

/** The server's answer was no: `status` is the HTTP status, 0 when nothing answered. */
export class Refused extends Error {
  readonly status: number
  /** Milliseconds after which the server wants to be asked again. */
  readonly after: number
  constructor(status: number, message: string, after = 0) {
    super(message)
    this.status = status
    this.after = after
  }
}

/** A connection on which nothing came any more: nobody knows what it would have brought. */
export class Silent extends Refused {
  constructor(message: string) {
    super(0, message)
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'its name is not known',
  EAI_AGAIN: 'its name cannot be looked up now',
  ETIMEDOUT: 'it did not answer in time',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no way to it',
  ECONNRESET: 'it cut the connection',
  EPIPE: 'it cut the connection',
  ABORT_ERR: 'the connection was ended',
  EPROTO: 'it does not speak TLS',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself, and the kubeconfig does not know it',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is of an authority that the kubeconfig does not know',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is of an authority that the kubeconfig does not know',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is of an authority that the kubeconfig does not know',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet: look at the clock',
  CERT_SIGNATURE_FAILURE: 'its certificate is of an authority that the kubeconfig does not know',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
  ENOENT: 'a file that the kubeconfig names is not there',
}

/** What an error of the connection means, without addresses or anything that was sent. */
export function explain(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const known = REASONS[code]
  if (known !== undefined) return known
  const message = error instanceof Error ? error.message : String(error)
  const proxy = /^Bad response: (\d+)$/.exec(message)
  if (proxy) return `the proxy answered with status ${proxy[1]}`
  return (message.trim().split('\n')[0] ?? '').slice(0, 160) || 'without saying why'
}
