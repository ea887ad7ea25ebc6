//go:build !windows

package report

func windowsName() string { return "" }
