package register

import "strings"

// keyOnCard are the words of Entry.KeyOnCard.
var keyOnCard = map[string]string{KeyYes: "on the card", KeyNo: "not on the card", KeyUnknown: "the card shows it only after the PIN"}

// ChainSection writes a chain as a section: a row for each link. standings are what revocation lists say of the links, by fingerprint; nil without lists.
func ChainSection(l Language, chain []Link, standings map[string]Standing) Section {
	p := page{Language: l}
	var rows []Row
	for i, link := range chain {
		lines := []string{DistinguishedName(link.Subject), link.Words(l)}
		if s, ok := standings[link.Fingerprint]; ok {
			lines = append(lines, s.Words(l))
		}
		rows = append(rows, Row{Name: l.Number(i + 1), Value: strings.Join(lines, "\n")})
	}
	return p.section("chain", rows)
}

// CardSection says on which card a certificate is, and whether its key is there.
func CardSection(l Language, e Entry) Section {
	p := page{Language: l}
	return p.section("card", p.row("state", shared(l, "state."+e.State)), p.row("key-on-card", said(l, "key-on-card.", e.KeyOnCard, keyOnCard[e.KeyOnCard])),
		p.row("card", e.CardLabel), p.row("card-serial", e.CardSerial), p.row("reader", e.Reader))
}

// Text writes sections as lines, for a terminal and the clipboard.
func Text(l Language, sections []Section) string {
	var b strings.Builder
	for _, s := range sections {
		b.WriteString(s.Title + "\n")
		for _, r := range s.Rows {
			name := r.Name
			if r.OID != "" && r.OID != name {
				name += " (" + r.OID + ")"
			}
			if r.Critical {
				name += comma(l) + said(l, "", "critical", otherWords["critical"])
			}
			b.WriteString("  " + name + ": " + strings.ReplaceAll(wrapped(r.Value), "\n", "\n      ") + "\n")
		}
	}
	return b.String()
}

// longHex says whether a value is bytes and too long to be read as a word.
func longHex(value string) bool {
	return len(value) >= 32 && strings.Trim(strings.TrimSuffix(value, "…"), "0123456789abcdef") == ""
}

// wrapped breaks long hex into lines.
func wrapped(value string) string {
	const width = 64
	if len(value) <= width || !longHex(value) {
		return value
	}
	var lines []string
	for len(value) > width {
		lines, value = append(lines, value[:width]), value[width:]
	}
	return "\n" + strings.Join(append(lines, value), "\n")
}

// PersonalNumbers are the numbers in the holder's name that tell one person from all others, without the mark before a Vietnamese one.
func (c Certificate) PersonalNumbers() []string {
	var all []string
	for _, a := range c.Subject {
		switch a.OID {
		case oidSNILS, oidINN, oidOGRNIP, oidSerialNumber, oidUserID:
			number := strings.TrimSpace(a.Value)
			for _, v := range vietnamese {
				if strings.HasPrefix(strings.ToUpper(number), v.mark) {
					number = number[len(v.mark):]
				}
			}
			all = append(all, number)
		}
	}
	return all
}
