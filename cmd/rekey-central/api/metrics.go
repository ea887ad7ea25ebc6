package api

import (
	"context"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"rekey/app/central"
	"rekey/cmd/rekey-central/office"
	"rekey/cmd/rekey-central/registry"
)

// figures are the server's own (Prometheus text format). No name and no ID is in them.
type figures struct {
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	uploaded prometheus.Counter
	handler  http.Handler
}

func newFigures(r *registry.Registry) *figures {
	f := &figures{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "rekey_requests_total", Help: "Requests by operation of the contract and HTTP status."}, []string{"operation", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "rekey_request_seconds", Help: "Time until the answer, by operation.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60}}, []string{"operation"}),
		uploaded: prometheus.NewCounter(prometheus.CounterOpts{Name: "rekey_uploaded_bytes_total", Help: "Bytes of documents that arrived."}),
	}
	all := prometheus.NewRegistry()
	all.MustRegister(f.requests, f.seconds, f.uploaded, casesByState{r, prometheus.NewDesc("rekey_cases", "Cases by state.", []string{"state"}, nil)})
	f.handler = promhttp.HandlerFor(all, promhttp.HandlerOpts{DisableCompression: true, ErrorHandling: promhttp.ContinueOnError})
	return f
}

func (f *figures) request(operation string, status int, took time.Duration) {
	f.requests.WithLabelValues(operation, strconv.Itoa(status)).Inc()
	f.seconds.WithLabelValues(operation).Observe(took.Seconds())
}

// counting counts what is read.
func (f *figures) counting(r io.Reader) io.Reader { return counted{r, f.uploaded} }

type counted struct {
	io.Reader
	into prometheus.Counter
}

func (c counted) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.into.Add(float64(n))
	return n, err
}

// casesByState asks the office when the figures are asked for.
type casesByState struct {
	registry *registry.Registry
	desc     *prometheus.Desc
}

const countTime = 30 * time.Second

// Describe: see prometheus.Collector.
func (c casesByState) Describe(to chan<- *prometheus.Desc) { to <- c.desc }

// Collect: see prometheus.Collector.
func (c casesByState) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), countTime)
	defer cancel()
	report, err := c.registry.Report(ctx, office.Caller{Role: central.RoleOfficer}, []string{"state"})
	if err != nil {
		to <- prometheus.NewInvalidMetric(c.desc, err)
		return
	}
	for _, line := range report.Lines {
		to <- prometheus.MustNewConstMetric(c.desc, prometheus.GaugeValue, float64(line.Cases), line.Values...)
	}
}

// Metrics gives the figures.
func (s *server) Metrics(w http.ResponseWriter, r *http.Request) { s.figures.handler.ServeHTTP(w, r) }
