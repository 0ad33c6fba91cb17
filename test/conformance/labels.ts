// Label keys and values for the generator: every form of a source and a prefix, every length that is a limit.
import { deepName, from, long, type Pool, slashed } from './pool.ts'

const NAMESPACE = 'io.cilium.k8s.namespace.labels.'

export const labelKey: Pool = {
  usual: ['app', 'k8s:app', 'any:app', 'io.kubernetes.pod.namespace', 'k8s:io.kubernetes.pod.namespace', 'tier'],
  odd: [
    ...'app.kubernetes.io/name k8s:app.kubernetes.io/name 1234 now.with.dots/simple UpperCaseAreOK123'.split(' '),
    ...'reserved:host reserved:k8s-app reserved:init k8s.app any.app cidrgroup:a foo:key 8:key K8S:app'.split(' '),
    ...'k8s:io.cilium.k8s.policy.serviceaccount io.cilium.k8s.policy.cluster'.split(' '),
    `${NAMESPACE}team`,
    `k8s:${NAMESPACE}kubernetes.io/metadata.name`,
    `any:${NAMESPACE}a.b/c`,
    ...'k8s: a:b:c k8s::a :: : any: :key -key _x .x k8s:-key k8s:_key k8s:.key foo-bar:key foo_bar:key foo.bar:key'.split(
      ' ',
    ),
    ...'/name -x/name X/name a_b/name only/one/slash a/ k8s:a/ k8s:/a app- app_ app. k8s:app- a//b a/-b a/b-'.split(
      ' ',
    ),
    ...'a..b/c .a/b a./b nospecialchars^=@ a,b a=b a*b é k8s:é é:key'.split(' '),
    ...['', ' ', 'a b', ' app', 'app ', 'k8s: app', 'k8s :app', 'a\tb', 'a\nb', '`', "'", '"', '\u0000'],
    ...from('', 58, 59, 60, 63, 64).concat(from('k8s:', 59, 60, 63, 64), from('any:', 59, 60), from('foo:', 59, 60)),
    ...from('longsource:', 51, 52, 53, 63, 64).concat(from('reserved:', 54, 55, 63)),
    ...slashed('', 248, 249, 250, 252, 253, 254).concat(slashed('k8s:', 249, 250, 253, 254), slashed('foo:', 249, 250)),
    ...slashed('longsource:', 242, 243, 253),
    `a/${long(63)}`,
    `a/${long(64)}`,
    `k8s:a/${long(64)}`,
    ...from(NAMESPACE, 27, 28, 29, 32, 33).concat(
      from(`k8s:${NAMESPACE}`, 28, 29, 32, 33),
      from(`any:${NAMESPACE}`, 28, 29),
    ),
    `${NAMESPACE}a/${long(63)}`,
    `${NAMESPACE}${deepName(218)}/a`,
    `${NAMESPACE}${deepName(219)}/a`,
    `${NAMESPACE}${deepName(222)}/a`,
    `${NAMESPACE}${deepName(223)}/a`,
    NAMESPACE,
    `k8s:${NAMESPACE}`,
    `k8s:${NAMESPACE}-a`,
  ],
}

export const labelValue: Pool = {
  usual: ['web', 'api', 'default', '123_-.BaR'],
  odd: [
    ...[
      '',
      'a b',
      ' a',
      '-value',
      'value-',
      '_a',
      'a_',
      '.',
      'a.',
      'a..b',
      'a\\b',
      'a,b',
      '?#$',
      'é',
      'A',
      '0',
      '-',
      'a/b',
      'a:b',
      '*',
    ],
    ...['a\n', '\t', 'true', '1e3', long(62), long(63), long(64), `${long(62)}-`, 'a b c', '{{x}}x'],
  ],
}
