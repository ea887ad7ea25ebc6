//go:build !windows

package ui

func systemPrint(path string, copies int) (bool, error) { return lp(path, copies) }
