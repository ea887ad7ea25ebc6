package office

import "rekey/app/central"

// Caller is who asks.
type Caller struct {
	Account      string // ID of the account, for the audit list
	Owner        string // to whom what it hands in belongs: the account of a holder, or "org/" and an organisation; "" for the officer
	Role         string // one of central.Roles
	Organisation string // or ""
}

// Officer tells whether the caller is the registration office, which sees everything and decides.
func (c Caller) Officer() bool { return c.Role == central.RoleOfficer }

// mayRead: the officer everything, the others what belongs to them. An owner without a name owns nothing.
func (c Caller) mayRead(owner string) bool { return c.Officer() || c.owns(owner) }

func (c Caller) owns(owner string) bool { return c.Owner != "" && c.Owner == owner }
