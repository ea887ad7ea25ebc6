//go:build !windows

package ui

import "context"

func systemPrint(path string, copies int) (bool, error) { return lp(path, copies) }

func systemPrinter() (string, error) { return lpDefault() }

func systemWaiting(ctx context.Context, printer string) int { return lpWaiting(ctx, printer) }
