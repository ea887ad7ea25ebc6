package control

import (
	"cmp"
	"strings"

	"fyne.io/fyne/v2"
)

// Labels for screen readers, for builds with -tags accessibility. What stands in a field is told after the field's name.

// named puts the name of a field before what stands in it.
func named(label, value string) string {
	if label == "" || value == "" {
		return label + value
	}
	return label + ": " + value
}

func (c *Choice) name(label string) { c.label = label }
func (s *Secret) name(label string) { s.label = label }
func (e *Entry) name(label string)  { e.label = label }

// AccessibilityLabel implements fyne.Accessible.
func (b *Button) AccessibilityLabel() string { return b.Caption() }

// AccessibilityRole implements fyne.Accessible.
func (b *Button) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// AccessibilityLabel implements fyne.Accessible.
func (n *Nav) AccessibilityLabel() string { return n.text }

// AccessibilityRole implements fyne.Accessible.
func (n *Nav) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleLink }

// AccessibilityLabel implements fyne.Accessible.
func (o *Option) AccessibilityLabel() string { return o.text }

// AccessibilityRole implements fyne.Accessible.
func (o *Option) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// AccessibilityLabel implements fyne.Accessible.
func (c *Choice) AccessibilityLabel() string { return named(c.label, c.Caption()) }

// AccessibilityRole implements fyne.Accessible.
func (c *Choice) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// AccessibilityLabel implements fyne.Accessible.
func (t *Text) AccessibilityLabel() string { return t.text }

// AccessibilityRole implements fyne.Accessible.
func (t *Text) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

var (
	_ fyne.Accessible = (*Button)(nil)
	_ fyne.Accessible = (*Nav)(nil)
	_ fyne.Accessible = (*Option)(nil)
	_ fyne.Accessible = (*Choice)(nil)
	_ fyne.Accessible = (*Text)(nil)
)

// AccessibilityLabel implements fyne.Accessible. What was typed is not told.
func (s *Secret) AccessibilityLabel() string { return named(s.label, "") }

// AccessibilityRole implements fyne.Accessible.
func (s *Secret) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// AccessibilityLabel implements fyne.Accessible: the whole row that was walked to, before that what the columns are.
func (l *rowList) AccessibilityLabel() string {
	var parts []string
	for _, c := range l.owner.columns {
		if l.at >= 0 && l.at < len(l.owner.order) {
			parts = append(parts, named(c.Title, c.Text(l.owner.order[l.at])))
		} else {
			parts = append(parts, c.Title)
		}
	}
	return strings.Join(parts, ", ")
}

// AccessibilityRole implements fyne.Accessible.
func (l *rowList) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleContainer }

// AccessibilityLabel implements fyne.Accessible.
func (r *DaysRing) AccessibilityLabel() string { return r.number + " " + r.below }

// AccessibilityRole implements fyne.Accessible.
func (r *DaysRing) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// AccessibilityLabel implements fyne.Accessible.
func (e *Entry) AccessibilityLabel() string { return named(e.label, cmp.Or(e.Text, e.PlaceHolder)) }

// AccessibilityRole implements fyne.Accessible.
func (e *Entry) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

var (
	_ fyne.Accessible = (*Secret)(nil)
	_ fyne.Accessible = (*rowList)(nil)
	_ fyne.Accessible = (*DaysRing)(nil)
	_ fyne.Accessible = (*Entry)(nil)
)
