// All rules: the one list that the editor, the command line and the documentation are made from.

import { allowDenies } from './allow-denies.ts'
import { ambiguousService } from './ambiguous-service.ts'
import { apiVersion } from './api-version.ts'
import { authenticationDisabled } from './authentication-disabled.ts'
import { changingAddresses } from './changing-addresses.ts'
import { cidrForm } from './cidr-form.ts'
import { cidrGroupMissing } from './cidr-group-missing.ts'
import { cidrHostBits } from './cidr-host-bits.ts'
import { cidrInCluster } from './cidr-in-cluster.ts'
import { clusterwideListener } from './clusterwide-listener.ts'
import { clusterwideNamespace } from './clusterwide-namespace.ts'
import { combinedPeers } from './combined-peers.ts'
import { counterpartMissing } from './counterpart-missing.ts'
import { crossNamespacePeer } from './cross-namespace-peer.ts'
import { defaultDenyWithoutEffect } from './default-deny-without-effect.ts'
import { deniedRemoteNode } from './denied-remote-node.ts'
import { deniedServices } from './denied-services.ts'
import { denyOnly } from './deny-only.ts'
import { deprecatedField } from './deprecated-field.ts'
import { dnsMissing } from './dns-missing.ts'
import { dnsSearchNames } from './dns-search-names.ts'
import { dnsUdpOnly } from './dns-udp-only.ts'
import { doubleStar } from './double-star.ts'
import { duplicatePolicy } from './duplicate-policy.ts'
import { emptyGroup } from './empty-group.ts'
import { emptyL7 } from './empty-l7.ts'
import { emptyPeers } from './empty-peers.ts'
import { emptyPolicy } from './empty-policy.ts'
import { emptyPorts } from './empty-ports.ts'
import { emptyRule } from './empty-rule.ts'
import { emptySecret } from './empty-secret.ts'
import { emptySection } from './empty-section.ts'
import { emptySpecs } from './empty-specs.ts'
import { endPortIgnored } from './end-port-ignored.ts'
import { everythingSelected } from './everything-selected.ts'
import { exceptEverything } from './except-everything.ts'
import { exceptOutsideCidr } from './except-outside-cidr.ts'
import { extendedProtocolOff } from './extended-protocol-off.ts'
import { extendedProtocolPort } from './extended-protocol-port.ts'
import { featureDisabled } from './feature-disabled.ts'
import { fqdnApex } from './fqdn-apex.ts'
import { hostNetworkPods } from './host-network-pods.ts'
import { hostPolicyOff } from './host-policy-off.ts'
import { httpOnTlsPort } from './http-on-tls-port.ts'
import { icmpType } from './icmp-type.ts'
import { icmpTypeRange } from './icmp-type-range.ts'
import { icmpsAndPorts } from './icmps-and-ports.ts'
import { inClusterFqdn } from './in-cluster-fqdn.ts'
import { invalidHostRegex } from './invalid-host-regex.ts'
import { invalidRegex } from './invalid-regex.ts'
import { jointExclusion } from './joint-exclusion.ts'
import { kafkaRule } from './kafka-rule.ts'
import { kubeApiserverPort } from './kube-apiserver-port.ts'
import { kubernetesService } from './kubernetes-service.ts'
import { l7Place } from './l7-place.ts'
import { l7Ports } from './l7-ports.ts'
import { l7Protocol } from './l7-protocol.ts'
import { l7Shadowed } from './l7-shadowed.ts'
import { l7WithoutDefaultDeny } from './l7-without-default-deny.ts'
import { labelKey } from './label-key.ts'
import { labelNotInIdentity } from './label-not-in-identity.ts'
import { labelSource } from './label-source.ts'
import { missingPort } from './missing-port.ts'
import { namedPortOutside } from './named-port-outside.ts'
import { nodeSelectorInCnp } from './node-selector-in-cnp.ts'
import { notInNamespace } from './not-in-namespace.ts'
import { octalPort } from './octal-port.ts'
import { ownNamespaceOnly } from './own-namespace-only.ts'
import { portValue } from './port-value.ts'
import { reservedSubject } from './reserved-subject.ts'
import { reservedWithLabels } from './reserved-with-labels.ts'
import type { DocumentRule, Rule, TextRule, WorkspaceRule } from './rule.ts'
import { ruleLabelKey } from './rule-label-key.ts'
import { schemaRules } from './schema.ts'
import { selectorMatchesNothing } from './selector-matches-nothing.ts'
import { selectorValues } from './selector-values.ts'
import { serverNamesWithoutTcp } from './server-names-without-tcp.ts'
import { serviceAnyNamespace } from './service-any-namespace.ts'
import { servicePort } from './service-port.ts'
import { servicesWithPorts } from './services-with-ports.ts'
import { strayDash } from './stray-dash.ts'
import { subjectNamespace } from './subject-namespace.ts'
import { tooManyPorts } from './too-many-ports.ts'
import { unknownNamespace } from './unknown-namespace.ts'
import { unknownService } from './unknown-service.ts'
import { unknownServiceAccount } from './unknown-service-account.ts'
import { unlistedFile } from './unlisted-file.ts'
import { unmergeableRules } from './unmergeable-rules.ts'
import { valueReadDifferently } from './value-read-differently.ts'

export const textRules: readonly TextRule[] = [...schemaRules, apiVersion]

export const documentRules: readonly DocumentRule[] = [
  combinedPeers,
  deprecatedField,
  emptyPolicy,
  emptyRule,
  nodeSelectorInCnp,
  selectorValues,
  labelKey,
  ruleLabelKey,
  featureDisabled,
  servicesWithPorts,
  cidrForm,
  exceptOutsideCidr,
  portValue,
  missingPort,
  tooManyPorts,
  extendedProtocolPort,
  l7Protocol,
  l7Place,
  l7Ports,
  invalidRegex,
  emptySecret,
  kafkaRule,
  icmpsAndPorts,
  icmpType,
  strayDash,
  dnsUdpOnly,
  inClusterFqdn,
  cidrHostBits,
  octalPort,
  endPortIgnored,
  emptyPeers,
  emptyPorts,
  emptyL7,
  emptySection,
  reservedSubject,
  clusterwideNamespace,
  emptySpecs,
  defaultDenyWithoutEffect,
  l7WithoutDefaultDeny,
  l7Shadowed,
  httpOnTlsPort,
  deniedServices,
  ambiguousService,
  serviceAnyNamespace,
  kubernetesService,
  fqdnApex,
  doubleStar,
  extendedProtocolOff,
  namedPortOutside,
  icmpTypeRange,
  invalidHostRegex,
  serverNamesWithoutTcp,
  exceptEverything,
  emptyGroup,
  labelNotInIdentity,
  labelSource,
  valueReadDifferently,
  authenticationDisabled,
  notInNamespace,
  jointExclusion,
  allowDenies,
  ownNamespaceOnly,
  reservedWithLabels,
  deniedRemoteNode,
  changingAddresses,
  dnsSearchNames,
]

export const workspaceRules: readonly WorkspaceRule[] = [
  counterpartMissing,
  dnsMissing,
  unmergeableRules,
  clusterwideListener,
  cidrGroupMissing,
  subjectNamespace,
  duplicatePolicy,
  unlistedFile,
  unknownNamespace,
  unknownServiceAccount,
  crossNamespacePeer,
  selectorMatchesNothing,
  hostNetworkPods,
  denyOnly,
  servicePort,
  kubeApiserverPort,
  cidrInCluster,
  unknownService,
  hostPolicyOff,
  everythingSelected,
]

export const rules: readonly Rule[] = [...textRules, ...documentRules, ...workspaceRules]
