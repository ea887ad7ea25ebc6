package ui

import (
	"context"

	"rekey/app"
	"rekey/app/cases"
	"rekey/app/procedure"
	"rekey/token"
)

// Desk is all that the window asks of the program. app.App is the real one; the tests have one in memory.
// Every method may block: the window calls them off its own goroutine and brings the answer back with fyne.Do.
type Desk interface {
	// Look reads cards, certificates, cases and the outbox at one moment.
	Look(ctx context.Context) (app.View, error)
	// Watch calls changed after each change of readers, cards or cases until ctx ends.
	Watch(ctx context.Context, changed func())
	Procedures() []*procedure.Procedure

	// Outbox is what waits for the office.
	Outbox() (app.Outbox, error)
	// Ends are the ends of all signatures whose cards were in a reader here.
	Ends() ([]app.End, error)
	// NewDraft begins (or finds again) the renewal of a certificate, details filled in from it and from the last case.
	NewDraft(ctx context.Context, fingerprint, procedureID, reason string) (app.Draft, error)
	SaveDraft(d app.Draft) error
	// OpenDraft is the draft of a new case that was not finished, if any.
	OpenDraft() (app.Draft, bool)
	DropDraft(id string) error
	CheckField(d app.Draft, field, value string) app.FieldCheck
	// CheckCell checks one cell of a row of the table.
	CheckCell(d app.Draft, row map[string]string, field string) app.FieldCheck
	Plan(d app.Draft) (app.Plan, error)
	// Preview lays the application form out as it will print; the key's fingerprint is not there yet.
	Preview(d app.Draft) ([]byte, error)
	// Start makes the case from the draft.
	Start(d app.Draft) (cases.Case, error)
	// TakeBack makes a case of which nothing has come yet (app.Untouched) into a draft again.
	TakeBack(caseID string) (app.Draft, error)
	// Run goes on with a case as far as it can go now.
	Run(ctx context.Context, caseID string, ask app.Ask) (cases.Case, error)
	// Choose makes the certificate current after a proof signature.
	Choose(ctx context.Context, fingerprint string, ask app.Ask) error

	// ChangePIN changes the PIN of a card. ask is called once, with the card as it is then, and gives both PINs, or nothing for a PIN pad;
	// the Desk wipes them.
	ChangePIN(ctx context.Context, cardSerial string, ask func(ctx context.Context, card token.Card) (old, fresh []byte, err error)) error

	Cases() ([]cases.Case, error)
	Case(id string) (cases.Case, error)
	// StepDone records what the person did outside of the program, when it is that step's turn.
	StepDone(caseID, step string) (cases.Case, error)
	// StepUndone takes a mark back as long as nothing has followed in the case.
	StepUndone(caseID, step string) (cases.Case, error)
	// Correction is the draft in which a case that the office has returned is mended; SaveDraft keeps it, Correct ends it.
	Correction(caseID string) (app.Draft, error)
	// Correct mends the details and the rows of a case that the office has returned; Run then sends it again.
	Correct(caseID string, details map[string]string, rows ...map[string]string) (cases.Case, error)
	// Cancel gives up a case that the office does not have yet.
	Cancel(caseID string) (cases.Case, error)
	// Export writes the case's documents into a folder and gives their paths.
	Export(caseID string) ([]string, error)
	// SaveDocument writes one document of a case into a folder, under a name that tells holder and case, or, without a folder, where
	// Export writes it. Nothing old is overwritten.
	SaveDocument(caseID string, d cases.Document, dir string) (path string, err error)
	// OpenFolder makes a folder, for its owner alone, if it is not there, and finds out whether it can be written to.
	OpenFolder(dir string) error
	Sync(ctx context.Context) (app.SyncResult, error)

	Setting(key string) string
	SetSetting(key, value string) error
}

var _ Desk = (*app.App)(nil)
