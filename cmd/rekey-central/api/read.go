package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"unicode/utf8"

	"rekey/app/central"
)

// readJSON reads a body of one JSON value and nothing else. Unknown names are refused, so
// that a newer client sees at once that this server would lose them.
func readJSON(w http.ResponseWriter, r *http.Request, value any) error {
	if err := media(r, "application/json"); err != nil {
		return err
	}
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, central.MaxJSON))
	var big *http.MaxBytesError
	if errors.As(err, &big) {
		return err
	}
	if err != nil {
		return bodyBrokeOff()
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
