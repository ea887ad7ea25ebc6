package app

import "time"

// UntilNext is how long the loop that sends would sleep now.
func (a *App) UntilNext() time.Duration { return a.untilNext() }
