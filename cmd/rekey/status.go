package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"rekey/app"
)

// Exit statuses.
const (
	statusDone   = 0
	statusFailed = 1
	statusUsage  = 2
	statusCard   = 3
	statusPIN    = 4
	statusUnsent = 5 // done, and waiting in the outbox
)

// usageError is a wrong command line.
type usageError struct{ error }

// errUnsent says that everything is done but the sending.
var errUnsent = errors.New("done, but not yet sent: it waits in the outbox and goes out with the next \"rekey sync\"")

// statusOf maps an error to the exit status.
func statusOf(err error) int {
	var usage usageError
	switch {
	case err == nil:
		return statusDone
	case errors.As(err, &usage), strings.HasPrefix(err.Error(), "unknown command"):
		return statusUsage
	case errors.Is(err, errUnsent):
		return statusUnsent
	}
	switch app.KindOf(err) {
	case app.NoCard, app.CardRemoved, app.CardError, app.ModuleError, app.Unsupported, app.NoSignIn:
		return statusCard
	case app.PINWrong, app.PINFinal, app.PINLocked, app.PINLength, app.PINCancelled:
		return statusPIN
	case app.Offline:
		return statusUnsent
	}
	return statusFailed
}

// report prints an error: what happened, what to do, and the technical text; or all of it as JSON.
func (c *command) report(err error) int {
	status := statusOf(err)
	if err == nil {
		return status
	}
	what, do := c.explain(err, status)
	if c.json {
		_ = json.NewEncoder(c.err).Encode(map[string]any{"error": what, "do": do, "kind": string(app.KindOf(err)), "detail": err.Error(), "status": status})
		return status
	}
	fmt.Fprintln(c.err, "rekey:", what)
	if do != "" {
		fmt.Fprintln(c.err, "      ", do)
	}
	if detail := err.Error(); detail != what {
		fmt.Fprintln(c.err, "       ("+detail+")")
	}
	return status
}

// explain gives the two sentences for an error in the user's language.
func (c *command) explain(err error, status int) (what, do string) {
	switch {
	case status == statusUsage:
		return err.Error(), "See: rekey --help"
	case errors.Is(err, errUnsent):
		return err.Error(), ""
	}
	if app.KindOf(err) == app.BadInput || app.KindOf(err) == app.NotFound { // it says itself what is wrong; there are no fields to look at
		return err.Error(), ""
	}
	texts, loadErr := c.texts()
	if loadErr != nil {
		return err.Error(), ""
	}
	kind := string(app.KindOf(err))
	return texts.T("error." + kind + ".what"), texts.T("error." + kind + ".do")
}

// print writes v as JSON, or runs text.
func (c *command) print(v any, text func()) error {
	if !c.json {
		text()
		return nil
	}
	enc := json.NewEncoder(c.out)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

func (c *command) say(format string, args ...any) { fmt.Fprintf(c.out, format+"\n", args...) }
