package registry

import (
	"context"
	"maps"
	"slices"
	"strings"

	"rekey/app/central"
	"rekey/cmd/rekey-central/office"
)

const (
	maxLines  = 10_000
	detailKey = "detail:"
)

// Report counts a caller's cases, all for the officer, by one or more of state, procedure, reason, route, month and detail:NAME.
// KindInvalid when it would have more than 10 000 lines.
func (r *Registry) Report(ctx context.Context, who office.Caller, by []string) (central.Report, error) {
	const op = "report cases"
	for _, name := range by {
		if _, known := valueOf(central.Case{}, name); !known {
			return central.Report{}, wrap(op, invalid("by: %q is nothing to count by", name))
		}
	}
	counts, values := map[string]int64{}, map[string][]string{}
	for after := ""; ; {
		page, err := r.office.Cases(ctx, who, after, "", pageOfCases)
		if err != nil {
			return central.Report{}, wrap(op, err)
		}
		for _, c := range page.Cases {
			line := make([]string, len(by))
			for i, name := range by {
				line[i], _ = valueOf(c, name)
			}
			key := strings.Join(line, "\x00")
			counts[key]++
			values[key] = line
		}
		if len(counts) > maxLines {
			return central.Report{}, wrap(op, invalid("by: that would be more than %d lines; count by less", maxLines))
		}
		if after = page.Next; after == "" {
			break
		}
	}
	report := central.Report{By: by, Lines: []central.ReportRow{}, At: r.now()}
	for _, key := range slices.SortedFunc(maps.Keys(values), func(a, b string) int { return slices.Compare(values[a], values[b]) }) {
		report.Lines = append(report.Lines, central.ReportRow{Values: values[key], Cases: counts[key]})
	}
	return report, nil
}

func valueOf(c central.Case, name string) (value string, known bool) {
	switch name {
	case "state":
		return c.State, true
	case "procedure":
		return c.Procedure, true
	case "reason":
		return c.Reason, true
	case "route":
		return c.Route, true
	case "month":
		return c.CreatedAt.UTC().Format("2006-01"), true
	}
	detail, is := strings.CutPrefix(name, detailKey)
	return c.Details[detail], is && detail != ""
}
