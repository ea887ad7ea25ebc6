//go:build !windows

package single

var system = socket
