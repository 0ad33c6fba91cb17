// The values that the generator puts in fields: ordinary ones, and odd ones at every boundary that is known.
import { labelKey, labelValue } from './labels.ts'
import { deepName, long, type Pool } from './pool.ts'
import { regex } from './regexes.ts'
import { raw, text, type Y } from './yaml.ts'

const word = (usual: string, odd: string): Pool => ({ usual: usual.split(' '), odd: odd.split(' ') })

const NAME_ODD = [
  ...[
    '',
    'My_Group',
    'A',
    '-a',
    'a-',
    'a.',
    '.a',
    'a..b',
    'a_b',
    'a b',
    'a/b',
    'é',
    '1',
    '1.2',
    'a-.b',
    'a.-b',
    'a--b',
    '%',
    'a:b',
  ],
  ...[long(62), long(63), long(64), deepName(252), deepName(253), deepName(254)],
]

const cidr: Pool = {
  usual: ['10.0.0.0/8', '192.0.2.0/24', '0.0.0.0/0', '198.51.100.7/32'],
  odd: [
    ...'::/0 2001:db8::/32 ff02::/64 2001:0db8:85a3:0000:0000:8a2e:0370:7334/128 ::ffff:1.2.3.4/96 ::1.2.3.4/120'.split(
      ' ',
    ),
    ...'::ffff:1.2.3.4/32 ::ffff:10.0.0.0/104 2001:DB8::/32 1::/129 2001:db8::%eth0/64 fe80::1%1/64 2001:db8/32 ::g/64 :::/64'.split(
      ' ',
    ),
    ...'10.1.2.3/8 10.0.0.0/0 10.0.0.0/32 10.0.0.0/33 10.0.0.0/34 10.0.0.0/-1 10.0.0.0/+8 10.0.0.0/08 10.0.0.0/00'.split(
      ' ',
    ),
    ...'010.0.0.0/8 10.00.0.0/8 10.0.0.01/32 10.0.0.0/8.0 10.0.0.0/255.0.0.0 10.0.0.0/254.0.0.255 10.0.1..0/24 10.0.0/8 10/8'.split(
      ' ',
    ),
    ...'256.0.0.0/8 10.0.0.256/32 10.0.0.0.0/8 10.0.0.0/ /8 / 10.0.0.0//8 10.0.0.0/8/8 10.0.0.0\\/8 0x0a.0.0.0/8 10.0.0.0/0x8'.split(
      ' ',
    ),
    ...'1.2.3.4 ::1 10.0.0.0 localhost any example.com/24 1.2.3.4/24. 1:2:3:4:5:6:7:8/64 1:2:3:4:5:6:7:8:9/64 1:2:3:4:5:6:7::/112'.split(
      ' ',
    ),
    ...'::/00 ::/01 ::/064 01::/16 00001::/16 1::2::3/64 ::ffff:010.0.0.1/128 ::1.2.3.256/128 [::1]/128 10.0.0.0/8a a10.0.0.0/8'.split(
      ' ',
    ),
    ...['', ' ', ' 10.0.0.0/8', '10.0.0.0/8 ', '10.0.0.0 /8', '10.0.0.0/ 8', '10.0.0.0/8\n', '１0.0.0.0/8', '*'],
    raw('[10.0.0.0/8]'),
    raw('[]'),
    raw('[1]'),
    raw('{}'),
    raw('{a: b}'),
    raw('10'),
    raw('true'),
  ],
}

const except: Pool = {
  usual: ['10.0.0.0/24', '10.1.0.0/16'],
  odd: [
    ...cidr.odd,
    '10.0.0.0/7',
    '0.0.0.0/0',
    '9.0.0.0/8',
    '11.0.0.0/24',
    '10.64.0.0/11',
    '0.0.0.0/1',
    '128.0.0.0/1',
    '10.0.0.5/8',
  ],
}

const FQDN_ODD = [
  ...'cilium.io. _cilium.io A.COM a-.com -a.com a_b.com localhost 1.2.3.4 .a.com a..com . .. a.. a{1,2}.com foo.[com'.split(
    ' ',
  ),
  ...'a/b a:b http://a.com a.com:443 a,b é.com xn--e1afmkfd.com a+b ^a$ (a) a|b a.com? a!b ~a'.split(' '),
  ...[
    '',
    ' ',
    'a b',
    ' a.com',
    'a.com ',
    'a.com\n',
    'a\tb',
    '-',
    '_',
    '--',
    'a.-',
    long(63),
    long(64),
    deepName(254),
    deepName(255),
    deepName(256),
    long(255),
    long(256),
  ],
]

const STARS =
  '* *.com **.com *. ** *** **. *.*.a.com a*b.com *a *.* **.*. *.a..com .*.com *-*.a a.*.b sub*.cilium.io **.** foo.**.bar a**'.split(
    ' ',
  )

const port: Pool = {
  usual: ['80', '443', '8080', '53', 'http', 'dns-tcp'],
  odd: [
    ...'0 00 0_0 0o0 0x0 0b0 000 1 65535 65536 70000 99999 100000 -1 +80 +0 080 0443 0777 08 09 0200000 0177777 0o17 0x50 0X1F 0b101'.split(
      ' ',
    ),
    ...'1_000 1__0 _1 1_ 0_8 0_7 80.0 1e2 8e1 0x 0b 0o 0xZZ 80-90 80,90 80:90 80/TCP tcp/80 * any ANY ... .'.split(' '),
    ...'http-8080 HTTP my_port http--x -http http- a 1a a1 1-a a-1 1-1 80-http 1234567890-a my.port é 8é'.split(' '),
    ...[
      '',
      ' ',
      '8 0',
      ' 80',
      '80 ',
      '80\n',
      '-',
      '--',
      '_',
      long(14),
      long(15),
      long(16),
      `${long(14)}1`,
      `1${long(15)}`,
      '18446744073709551616',
    ],
    'this-name-is-too-long',
    'a-b-c-d-e-f-g-h',
    'a-b-c-d-e-f-g-hi',
    raw('80'),
    raw('0x50'),
    raw('http'),
    raw('[80]'),
  ],
}

const integer = (usual: string, odd: string): Pool => ({
  usual: usual.split(' '),
  odd:
    `${odd} 90.0 9e1 1e2 0x5A 0X5a 0132 0o132 0b11 9_0 +90 90.5 -0 -0.0 1e-1 1e400 .5 5. 9__0 0x 08 0_8 12:30 ~ "90" 'x' [90] {} 2147483647 2147483648 4294967296 9223372036854775807 9223372036854775808 1e19 .inf -.inf .nan true yes y 90_ _90 !!int "90" !!float 90 !!str 90`
      .match(/!!\S+ \S+|\S+/g)
      ?.map(value => raw(value)) ?? [],
})

const MATCH = ['Echo', 'EchoRequest', 'EchoReply', 'DestinationUnreachable', 'TimeExceeded', 'ParameterProblem']
const ICMP =
  'Redirect RouterAdvertisement RouterSelection Timestamp TimestampReply Photuris ExtendedEchoRequest ExtendedEchoReply PacketTooBig MulticastListenerQuery MulticastListenerReport MulticastListenerDone RouterSolicitation NeighborSolicitation NeighborAdvertisement RedirectMessage RouterRenumbering ICMPNodeInformationQuery ICMPNodeInformationResponse InverseNeighborDiscoverySolicitation InverseNeighborDiscoveryAdvertisement HomeAgentAddressDiscoveryRequest HomeAgentAddressDiscoveryReply MobilePrefixSolicitation MobilePrefixAdvertisement DuplicateAddressRequestCodeSuffix DuplicateAddressConfirmationCodeSuffix echo ECHOREPLY Ping 0 8 08 128 255 256 300 -1 1_0 0x8 8.0'

const anything: Pool = {
  usual: ['some text', 'a', 'note'],
  odd: ['', ' ', 'é', 'a: b', '#', '{{', long(300), '\u0007', 'a\nb'],
}

/** All kinds of values. */
export const POOLS = {
  labelKey,
  labelValue,
  except,
  cidr,
  port,
  regex,
  anything,
  operator: word('Exists', 'In NotIn DoesNotExist exists in IN Equals Gt Lt = asdf'),
  entity: word(
    'world cluster host all',
    'init ingress unmanaged remote-node health none kube-apiserver cluster-mesh world-ipv4 world-ipv6 World ALL trololo kubeapiserver remote_node clustermesh',
  ),
  protocol: word(
    'TCP UDP ANY',
    'SCTP VRRP IGMP GRE IPIP IPV6 ESP AH ICMP ICMPv6 ICMPV6 tcp Tcp udp any vrrp HTTP tcp/udp TLS DCCP',
  ),
  name: { usual: ['web', 'a.b', 'team-a'], odd: NAME_ODD },
  matchName: { usual: ['example.com', 'www.cilium.io', 'a-b.c.org'], odd: [...FQDN_ODD, ...STARS] },
  matchPattern: { usual: ['*.example.com', '*', 'api-*.cilium.io'], odd: [...FQDN_ODD, ...STARS] },
  serverName: { usual: ['example.com', 'www.cilium.io'], odd: [...FQDN_ODD, ...STARS, 'foo*.com', '*foo.com'] },
  endPort: integer('443 8090 65535', '0 1 80 81 65534 65536 70000 -1'),
  priority: integer('1 50 100', '0 2 99 101 -1 1000 100.0 1e2 1.5'),
  icmpType: {
    usual: ['8', '0', '3'].concat(MATCH),
    odd: [...ICMP.split(' '), 'ExtendedEcho Reply', '', ' ', ...integer('', '255 256 300 -1 -129').odd],
  },
  family: word('IPv4', 'IPv6 IPv5 ipv4 IPV4 4 hoge'),
  mode: word('required disabled', 'test-always-fail Required always-fail off none'),
  boolean: {
    usual: ['true', 'false'],
    odd:
      'yes no on off y n True FALSE tRue 1 0 "true" ~ !!bool "true" "yes" null'.match(/!!\S+ \S+|\S+/g)?.map(raw) ?? [],
  },
  logValue: {
    usual: ['team-a', 'audit'],
    odd: [
      '',
      ' ',
      long(31),
      long(32),
      long(33),
      'é',
      'é'.repeat(16),
      'é'.repeat(32),
      'é'.repeat(33),
      '😀'.repeat(16),
      '😀'.repeat(32),
      '😀'.repeat(33),
      '\u0000',
      'a\tb',
      'a\nb',
      '\u007f',
      '\u0085',
      '\u00ad',
      '\u200b',
      '\ufeff',
      '\ue000',
      '\u0378',
      '\u2028',
      '\u00a0',
      '\u{e0001}',
      '\ufffd',
    ],
  },
  mismatch: word('LOG ADD', 'DELETE REPLACE log Add DENY'),
  role: word('produce consume', 'Produce both consumer PRODUCE'),
  apiKey: word(
    'produce fetch metadata',
    'Produce FETCH heartbeat createtopics offsetcommit saslhandshake nonsense 0 1 33',
  ),
  apiVersion: { usual: ['0', '1', '2'], odd: ['', '-1', '32767', '32768', '01', '1.0', 'x', '+1', raw('1')] },
  clientID: anything,
  topic: { usual: ['orders', 'a.b_c-d'], odd: ['', 'a b', 'a/b', 'é', long(255), long(256), '.', '..', '*', 'a\n'] },
  envoyKind: word('CiliumEnvoyConfig CiliumClusterwideEnvoyConfig', 'ciliumenvoyconfig EnvoyConfig CEC'),
  filled: { usual: ['a', 'tls-secret'], odd: ['', ' ', 'A_b', long(300)] },
  host: { usual: ['example.com', '.*'], odd: ['', '*', '(', 'é', 'a b', '[', long(300)] },
  secretNamespace: { usual: ['default', 'kube-system'], odd: ['', 'A', 'a_b', long(64)] },
} satisfies Record<string, Pool>

export type Kind = keyof typeof POOLS
const NUMBERS: readonly Kind[] = ['endPort', 'priority', 'boolean']

/** A usual value as YAML: numbers and booleans unquoted, everything else a string. */
export function usual(kind: Kind, value: string): Y {
  return NUMBERS.includes(kind) || (kind === 'icmpType' && /^\d+$/.test(value)) ? raw(value) : text(value)
}

/** All values of a kind as YAML. */
export function values(kind: Kind): readonly Y[] {
  const pool: Pool = POOLS[kind]
  return [
    ...pool.usual.map(value => usual(kind, value)),
    ...pool.odd.map(value => (typeof value === 'string' ? text(value) : value)),
  ]
}
