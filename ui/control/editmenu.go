package control

import (
	"encoding/json"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
)

// EditWords are what the toolkit's menu over an entry says, by its English words.
type EditWords map[string]string

// edits are the words of the window's language, and those that the toolkit has been taught.
var edits, taught EditWords

// SayEdits sets the words of the menu over an entry. The toolkit has a language of its own, the system's, and learns them when the
// menu is opened for the first time: reading its own languages takes a moment.
func SayEdits(words EditWords) { edits = words }

// TappedSecondary implements fyne.SecondaryTappable: the menu speaks the window's language.
func (e *Entry) TappedSecondary(at *fyne.PointEvent) {
	teachEdits()
	e.Entry.TappedSecondary(at)
}

func teachEdits() {
	same := len(taught) == len(edits)
	for english, word := range edits {
		same = same && taught[english] == word
	}
	if same {
		return
	}
	data, err := json.Marshal(edits)
	if err == nil {
		err = lang.AddTranslationsForLocale(data, lang.SystemLocale())
	}
	if err == nil {
		taught = edits
	}
}
