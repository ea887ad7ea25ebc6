package cases

import (
	"encoding/json"
	"slices"
)

// Note is something worth knowing about a case that changes nothing in it.
type Note struct {
	What string `json:"what,omitempty"` // one of the words below, for which the translation files have note.<What>; "": only Why
	Why  string `json:"why,omitempty"`  // in words: the office's, or a cause
}

// What a note is about. Append only.
const (
	NoteReceiptAccepted = "receipt-accepted"
	NoteReceiptDeclined = "receipt-declined"
	NoteNoTimeStamp     = "no-time-stamp"
	NoteReopened        = "reopened"
)

// UnmarshalJSON also reads a note of an earlier version, which was one text.
func (n *Note) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '"' {
		*n = Note{}
		return json.Unmarshal(data, &n.Why)
	}
	type plain Note
	return json.Unmarshal(data, (*plain)(n))
}

func (c *Case) note(n Note) { c.Notes = append(slices.Clone(c.Notes), n) }
