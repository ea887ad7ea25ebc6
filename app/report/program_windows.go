package report

import (
	"fmt"

	"golang.org/x/sys/windows"
)

func windowsName() string {
	v := windows.RtlGetVersion()
	return fmt.Sprintf("Windows %d.%d.%d", v.MajorVersion, v.MinorVersion, v.BuildNumber)
}
