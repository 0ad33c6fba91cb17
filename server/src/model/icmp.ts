// The names that ICMP types have in policies, by family (pkg/policy/api/icmp.go).

export const ICMP_TYPES = {
  IPv4: new Map(
    Object.entries({
      EchoReply: 0,
      DestinationUnreachable: 3,
      Redirect: 5,
      Echo: 8,
      EchoRequest: 8,
      RouterAdvertisement: 9,
      RouterSelection: 10,
      TimeExceeded: 11,
      ParameterProblem: 12,
      Timestamp: 13,
      TimestampReply: 14,
      Photuris: 40,
      ExtendedEchoRequest: 42,
      ExtendedEchoReply: 43,
    }),
  ),
  IPv6: new Map(
    Object.entries({
      DestinationUnreachable: 1,
      PacketTooBig: 2,
      TimeExceeded: 3,
      ParameterProblem: 4,
      EchoRequest: 128,
      EchoReply: 129,
      MulticastListenerQuery: 130,
      MulticastListenerReport: 131,
      MulticastListenerDone: 132,
      RouterSolicitation: 133,
      RouterAdvertisement: 134,
      NeighborSolicitation: 135,
      NeighborAdvertisement: 136,
      RedirectMessage: 137,
      RouterRenumbering: 138,
      ICMPNodeInformationQuery: 139,
      ICMPNodeInformationResponse: 140,
      InverseNeighborDiscoverySolicitation: 141,
      InverseNeighborDiscoveryAdvertisement: 142,
      HomeAgentAddressDiscoveryRequest: 144,
      HomeAgentAddressDiscoveryReply: 145,
      MobilePrefixSolicitation: 146,
      MobilePrefixAdvertisement: 147,
      DuplicateAddressRequestCodeSuffix: 157,
      DuplicateAddressConfirmationCodeSuffix: 158,
      ExtendedEchoRequest: 160,
      ExtendedEchoReply: 161,
    }),
  ),
} as const

/**
 * The number that a type stands for as a port of the policy map: what is no number becomes 0, which stands for every type
 * of the family (pkg/policy/l4.go createL4Filter, strconv.ParseUint(…, 0, 16)).
 */
export function icmpNumber(family: 'IPv4' | 'IPv6', type: string | number): number {
  const named = ICMP_TYPES[family].get(String(type))
  if (named !== undefined) return named
  const number = Number(type)
  if (!Number.isInteger(number) || number < 0) return 0
  return Math.min(number, 65535)
}
