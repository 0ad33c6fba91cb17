// Command accept says of policy documents whether Kubernetes' API server and Cilium's agent accept them.
//
// It reads one JSON string a line, the text of a document, and answers each with a line: {"layer": "", "errors": […]}.
// The layer is where the document fails, empty when it is accepted:
//
//	yaml    the text cannot become JSON
//	kind    it is no policy: kind or apiVersion are missing or others
//	schema  the server refuses what it decoded: metadata, types, bounds, patterns, CEL
//	strict  unknown or doubled fields, which a strict server refuses before it looks at the schema
//	decode  the agent's types cannot hold what the server stores
//	parse   the agent refuses the policy
//	panic   the agent's code panics
//
// With -crds it prints the CustomResourceDefinitions of the two kinds as JSON instead.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"sync"
)

type answer struct {
	Layer  string   `json:"layer"`
	Errors []string `json:"errors,omitempty"`
}

func main() {
	if len(os.Args) > 1 && os.Args[1] == "-crds" {
		check(json.NewEncoder(os.Stdout).Encode(definitions()))
		return
	}
	debug.SetGCPercent(400)
	kinds, err := loadKinds()
	check(err)
	check(serve(kinds))
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "accept:", err)
		os.Exit(2)
	}
}

const batchSize = 512

// serve answers batch by batch: the documents of one batch on all cores, the answers in the order of the questions.
func serve(kinds map[string]*kind) error {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(make([]byte, 1<<20), 1<<28)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	for {
		batch, err := readBatch(lines)
		if err != nil || len(batch) == 0 {
			return err
		}
		for _, a := range judgeAll(batch, kinds) {
			if err := encoder.Encode(a); err != nil {
				return err
			}
		}
	}
}

func readBatch(lines *bufio.Scanner) ([]string, error) {
	var batch []string
	for len(batch) < batchSize && lines.Scan() {
		var text string
		if err := json.Unmarshal(lines.Bytes(), &text); err != nil {
			return nil, err
		}
		batch = append(batch, text)
	}
	return batch, lines.Err()
}

func judgeAll(batch []string, kinds map[string]*kind) []answer {
	answers := make([]answer, len(batch))
	work := make(chan int)
	var done sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		done.Add(1)
		go func() {
			defer done.Done()
			for i := range work {
				answers[i] = judge(batch[i], kinds)
			}
		}()
	}
	for i := range batch {
		work <- i
	}
	close(work)
	done.Wait()
	return answers
}

// judge takes a document through the layers in the server's order.
func judge(text string, kinds map[string]*kind) answer {
	decoded, failed := decode(text)
	if failed != nil {
		return *failed
	}
	k, failed := kindOf(decoded.object, kinds)
	if failed != nil {
		return *failed
	}
	if failed := k.admit(decoded); failed != nil {
		return *failed
	}
	return agent(k, decoded.object)
}
