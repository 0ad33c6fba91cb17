// All rules: the one list that the editor, the command line and the documentation are made from.

import { cidrForm } from './cidr-form.ts'
import { combinedPeers } from './combined-peers.ts'
import { emptyRule } from './empty-rule.ts'
import { exceptOutsideCidr } from './except-outside-cidr.ts'
import { extendedProtocolPort } from './extended-protocol-port.ts'
import { featureDisabled } from './feature-disabled.ts'
import { icmpType } from './icmp-type.ts'
import { icmpsAndPorts } from './icmps-and-ports.ts'
import { invalidRegex } from './invalid-regex.ts'
import { kafkaRule } from './kafka-rule.ts'
import { l7Place } from './l7-place.ts'
import { l7Ports } from './l7-ports.ts'
import { l7Protocol } from './l7-protocol.ts'
import { labelKey } from './label-key.ts'
import { missingPort } from './missing-port.ts'
import { nodeSelectorInCnp } from './node-selector-in-cnp.ts'
import { portValue } from './port-value.ts'
import type { DocumentRule, Rule, TextRule, WorkspaceRule } from './rule.ts'
import { ruleLabelKey } from './rule-label-key.ts'
import { schemaRules } from './schema.ts'
import { selectorValues } from './selector-values.ts'
import { servicesWithPorts } from './services-with-ports.ts'
import { tooManyPorts } from './too-many-ports.ts'

export const textRules: readonly TextRule[] = schemaRules

export const documentRules: readonly DocumentRule[] = [
  combinedPeers,
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
  kafkaRule,
  icmpsAndPorts,
  icmpType,
]

export const workspaceRules: readonly WorkspaceRule[] = []

export const rules: readonly Rule[] = [...textRules, ...documentRules, ...workspaceRules]
