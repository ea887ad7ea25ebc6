package api

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"rekey/assets"
)

// judge holds requests and answers against the contract, with another reader of OpenAPI than the server's.
type judge struct{ router routers.Router }

var contractRouter = sync.OnceValues(func() (routers.Router, error) {
	for _, media := range []string{"application/x-pem-file", "application/pkix-crl"} {
		openapi3filter.RegisterBodyDecoder(media, openapi3filter.FileBodyDecoder)
	}
	data, err := assets.Files.ReadFile(contractFile)
	if err != nil {
		return nil, err
	}
	doc, err := openapi3.NewLoader().LoadFromData(data)
	if err != nil {
		return nil, err
	}
	if err := doc.Validate(context.Background()); err != nil {
		return nil, err
	}
	return gorillamux.NewRouter(doc)
})

func newJudge(t testing.TB) judge {
	t.Helper()
	router, err := contractRouter()
	if err != nil {
		t.Fatalf("the contract is no valid OpenAPI: %v", err)
	}
	return judge{router}
}

var judgement = &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, IncludeResponseStatus: true}

func (j judge) input(req *http.Request) (*openapi3filter.RequestValidationInput, error) {
	route, path, err := j.router.FindRoute(req)
	return &openapi3filter.RequestValidationInput{Request: req, PathParams: path, Route: route, Options: judgement}, err
}

// request says why the contract does not allow a request. The request is not used up.
func (j judge) request(req *http.Request, body []byte) error {
	own := req.Clone(context.Background())
	own.Body = io.NopCloser(bytes.NewReader(body))
	in, err := j.input(own)
	if err != nil {
		return err
	}
	return openapi3filter.ValidateRequest(context.Background(), in)
}

// answer says why the contract does not know an answer. Paths and methods that it does not know either are not its matter.
func (j judge) answer(req *http.Request, res *http.Response, body []byte) error {
	in, err := j.input(req)
	if errors.Is(err, routers.ErrPathNotFound) || errors.Is(err, routers.ErrMethodNotAllowed) {
		return nil
	}
	if err != nil {
		return err
	}
	return openapi3filter.ValidateResponse(context.Background(), &openapi3filter.ResponseValidationInput{RequestValidationInput: in,
		Status: res.StatusCode, Header: res.Header, Body: io.NopCloser(bytes.NewReader(body)), Options: judgement})
}
