//go:build cilium_1_18

package main

import "github.com/cilium/cilium/pkg/fqdn/re"

// The agent makes this cache when it starts; without it every FQDN is refused.
func init() { check(re.InitRegexCompileLRU(logger, 128)) }
