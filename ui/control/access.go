package control

import "fyne.io/fyne/v2"

// Labels for screen readers, for builds with -tags accessibility.

// AccessibilityLabel implements fyne.Accessible.
func (b *Button) AccessibilityLabel() string { return b.text }

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
func (c *Choice) AccessibilityLabel() string { return c.Caption() }

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
