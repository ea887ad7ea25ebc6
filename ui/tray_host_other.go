//go:build !linux

package ui

// trayHost says whether the desktop shows a tray: Windows and macOS always do.
func trayHost() bool { return true }
