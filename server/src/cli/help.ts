// What --help prints.

const WORLD = `What is known of the cluster, and how to judge:
  --inventory FILE       what is in the cluster: output of "cilium-policy snapshot" or "kubectl get … -o yaml|json"
  --cluster              read the live cluster of the kubeconfig (never Secrets)
  --context NAME         the kubeconfig's context to use
  --kubeconfig FILE      the kubeconfig to use instead of kubectl's
  --cilium-version V     1.16, 1.17, 1.18, 1.19 or 1.20; otherwise the cluster's, else the newest
  --enforcement MODE     default, always or never; otherwise Cilium's configuration, else default
  --config KEY=VALUE     a key as in the cilium-config ConfigMap; may be repeated
  --namespace NAME       the namespace of policies for which nothing else says one`

export const HELP = {
  main: `cilium-policy: be certain of the Cilium network policies you write

Usage: cilium-policy COMMAND [OPTIONS]

Commands:
  check      report what Cilium would reject and what does not do what it looks like
  reach      say whether a flow may pass, and because of which lines
  snapshot   print what is in a cluster, for --inventory
  server     the language server, for editors

"cilium-policy COMMAND --help" says more of each. --version prints the version.`,

  check: `Usage: cilium-policy check [PATH…] [OPTIONS]

Checks CiliumNetworkPolicy and CiliumClusterwideNetworkPolicy objects. PATH is a file, a folder (all *.yaml, *.yml and *.json
below it, without .git and node_modules) or - for standard input; the current folder when there is none.

  --format FORMAT        text (default), json, sarif, github or junit
  --fix                  apply every preferred fix until nothing changes, then report what is left
  --fail-on LEVEL        error (default) or warning: what makes the exit code 1

${WORLD}

Exit code: 0 nothing at that level, 1 findings, 2 could not run.`,

  reach: `Usage: cilium-policy reach --from ENDPOINT --to ENDPOINT --port 8080/TCP [PATH…] [OPTIONS]
       cilium-policy reach --flows FILE [PATH…] [OPTIONS]

Says whether a flow may pass under the policies of the PATHs, and because of which lines.

  --from, --to ENDPOINT  namespace/pod, namespace/workload, sa:namespace/account, entity:world, ip:1.2.3.4 or fqdn:name
  --port PORT            a number and a protocol: 8080/TCP
  --flows FILE           many questions at once, - for standard input: JSON Lines {"id"?,"from","to","port"}, answered by JSON Lines
  --format FORMAT        text (default) or json

${WORLD}

Exit code: 0 allowed, 1 denied, 3 unknown, 2 could not run. With --flows: 0 when all were answered.`,

  snapshot: `Usage: cilium-policy snapshot [--context NAME] [--kubeconfig FILE]

Prints what is in the cluster as one Kubernetes List in YAML: only what the product reads, no secrets, no environment
variables, no annotations. Save it, and give it to --inventory or the setting ciliumPolicy.inventory.file.

Exit code: 0 printed, 2 could not run.`,

  server: `Usage: cilium-policy server --stdio

The language server (LSP 3.17) on standard input and output.`,
} as const
