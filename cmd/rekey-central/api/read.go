package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"unicode/utf8"

	"rekey/app/central"
)

// readJSON reads a body of one JSON value and nothing else. Unknown names are refused, so
// that a newer client sees at once that this server would lose them.
func readJSON(w http.ResponseWriter, r *http.Request, value any) error {
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != "application/json" {
		return problem(http.StatusUnsupportedMediaType, "send the body as Content-Type: application/json")
	}
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, central.MaxJSON))
	var big *http.MaxBytesError
	if errors.As(err, &big) {
		return err
	}
	if err != nil {
		return problem(http.StatusBadRequest, "the body broke off")
	}
	if !utf8.Valid(data) {
		return problem(http.StatusBadRequest, "the body is not UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(value); err != nil {
		return problem(http.StatusBadRequest, "the body is not the JSON that is wanted here: %s", jsonFault(err))
	}
	if _, err := d.Token(); err != io.EOF {
		return problem(http.StatusBadRequest, "there is something after the JSON value")
	}
	return nil
}

// jsonFault says what is wrong without Go's names of types.
func jsonFault(err error) string {
	var syntax *json.SyntaxError
	var shape *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return "error at byte " + strconv.FormatInt(syntax.Offset, 10)
	case errors.As(err, &shape):
		return "a " + shape.Value + " does not fit at " + strconv.Quote(shape.Field)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "it ends too early"
	}
	return err.Error()
}

// query reads the parameters of the address; unknown or repeated ones are refused.
func query(r *http.Request, names ...string) (map[string]string, error) {
	all, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, problem(http.StatusBadRequest, "the parameters of the address cannot be read")
	}
	got := map[string]string{}
	for _, name := range names {
		switch values := all[name]; len(values) {
		case 0:
		case 1:
			got[name] = values[0]
		default:
			return nil, problem(http.StatusBadRequest, "%s: give it once", name)
		}
		delete(all, name)
	}
	if len(all) > 0 {
		return nil, problem(http.StatusBadRequest, "only these parameters are known here: %v", names)
	}
	return got, nil
}

// whole reads a whole number from least to most; an absent one is absent.
func whole(got map[string]string, name string, least, most, absent int64) (int64, error) {
	text, there := got[name]
	if !there {
		return absent, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < least || n > most {
		return 0, problem(http.StatusBadRequest, "%s: want a whole number from %d to %d", name, least, most)
	}
	return n, nil
}
