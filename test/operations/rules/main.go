// Reads a rules file and PromQL expressions as Prometheus does, and says everything that it would not take.
//
// Usage: rules RULES.yml < EXPRESSIONS (one a line)
package main

import (
	"bufio"
	"fmt"
	"os"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql/parser"
)

func main() {
	groups, errs := rulefmt.ParseFile(os.Args[1], false, model.UTF8Validation)
	rules := 0
	if groups != nil {
		for _, group := range groups.Groups {
			rules += len(group.Rules)
		}
	}
	expressions := 0
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		expressions++
		if _, err := parser.ParseExpr(lines.Text()); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", lines.Text(), err))
		}
	}
	if err := lines.Err(); err != nil {
		errs = append(errs, err)
	}
	for _, err := range errs {
		fmt.Fprintln(os.Stderr, err)
	}
	if len(errs) > 0 {
		os.Exit(1)
	}
	fmt.Printf("%d rules, %d expressions\n", rules, expressions)
}
