// Command verdict says whether flows may pass, as Cilium's own policy engine computes it.
//
// It reads one question a line and answers each with one line, both in JSON (question and answer below). The objects are what an agent
// watches: namespaces, pods, nodes, services, endpoint slices and CIDR groups; the policies are YAML documents that the API server
// accepts. Each end of a flow is one thing: {"pod": "namespace/name"}, {"node": "name"}, {"address": "1.2.3.4"}, {"entity": "world"}
// or {"name": "example.com"}.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"runtime/debug"
)

type question struct {
	ID       string            `json:"id"`
	Config   config            `json:"config"`
	Objects  []json.RawMessage `json:"objects"`
	Policies []string          `json:"policies"`
	Flows    []flow            `json:"flows"`
}

// config is what of an agent's configuration verdicts depend on.
type config struct {
	Mode         string   `json:"mode"`
	Cluster      string   `json:"cluster"`
	LocalCluster bool     `json:"localCluster"`
	IPv6         bool     `json:"ipv6"`
	NodeLabels   bool     `json:"nodeLabels"`
	HostFirewall bool     `json:"hostFirewall"`
	CIDRMatch    []string `json:"cidrMatch"`
}

type flow struct {
	From     end    `json:"from"`
	To       end    `json:"to"`
	Protocol string `json:"protocol"`
	Port     uint16 `json:"port"`
}

type end struct {
	Pod     string `json:"pod"`
	Node    string `json:"node"`
	Address string `json:"address"`
	Entity  string `json:"entity"`
	Name    string `json:"name"`
}

type answer struct {
	ID    string   `json:"id"`
	Error string   `json:"error,omitempty"`
	Flows [][2]say `json:"flows,omitempty"` // egress, ingress
}

// say is one side's answer: allowed, denied, none (no policy of its own) or failed (its policy cannot be computed). Peers that are names
// can have other answers: Unlearned when the address was never learned for the name, Inside in each prefix that policies and groups name.
type say struct {
	Says      string   `json:"says"`
	Unlearned string   `json:"unlearned,omitempty"`
	Inside    []string `json:"inside,omitempty"`
}

func main() {
	debug.SetGCPercent(400)
	start()
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(make([]byte, 1<<20), 1<<28)
	out := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		var q question
		check(json.Unmarshal(lines.Bytes(), &q))
		check(out.Encode(answerTo(q)))
	}
	check(lines.Err())
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "verdict:", err)
		os.Exit(2)
	}
}

// answerTo never fails: what Cilium's code refuses or panics about is the answer's error.
func answerTo(q question) (a answer) {
	defer func() {
		if r := recover(); r != nil {
			a = answer{ID: q.ID, Error: fmt.Sprint("panic: ", r)}
		}
	}()
	flows, err := judge(q)
	if err != nil {
		return answer{ID: q.ID, Error: err.Error()}
	}
	return answer{ID: q.ID, Flows: flows}
}

func judge(q question) ([][2]say, error) {
	configure(q.Config)
	known, err := readCluster(q.Objects)
	if err != nil {
		return nil, err
	}
	policies, err := parsePolicies(q, known)
	if err != nil {
		return nil, err
	}
	agents := map[string]*agent{}
	agentOf := func(e end) *agent {
		node := known.nodeOf(e)
		if agents[node] == nil {
			agents[node] = newAgent(node, known, policies, q)
		}
		return agents[node]
	}
	flows := make([][2]say, len(q.Flows))
	for i, f := range q.Flows {
		if flows[i][0], err = agentOf(f.From).side(f.From, f.To, false, f); err != nil {
			return nil, err
		}
		if flows[i][1], err = agentOf(f.To).side(f.To, f.From, true, f); err != nil {
			return nil, err
		}
	}
	return flows, nil
}
