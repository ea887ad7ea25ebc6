// Package assets holds what is embedded in the programs: procedures, form layouts, fonts,
// translations, icons, the list of known card modules and the contract of the central API. It has no code.
package assets

import "embed"

// Files is the whole tree.
//
//go:embed procedures forms fonts lang openapi calendars modules.yaml
var Files embed.FS
