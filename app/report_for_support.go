package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"rekey/app/report"
	"rekey/token"
)

// Diagnose walks the layers of a view, from the system's service up to the certificates, and names the first that
// fails. The report holds nothing personal: see package report. It reads the module files, to tell their versions.
func (a *App) Diagnose(v View) report.Report {
	in := report.Input{At: v.At, Snapshot: v.Snapshot, Entries: v.Entries, Program: report.ThisProgram(), Files: map[string]report.File{}}
	in.Home, _ = os.UserHomeDir()
	for _, f := range v.Findings {
		in.Findings = append(in.Findings, report.Finding{Layer: f.Layer, Kind: f.Kind, Module: f.Module, Reader: f.Reader, Detail: f.Detail})
	}
	names := a.moduleNames()
	for _, m := range v.Snapshot.Modules {
		if f, ok := moduleFile(m.Path); ok {
			f.Name = names[m.Path]
			in.Files[m.Path] = f
		}
	}
	return report.Diagnose(in)
}

// moduleNames gives the vendors' names of known modules by path.
func (a *App) moduleNames() map[string]string {
	names := map[string]string{}
	table, err := fs.ReadFile(a.assets, "modules.yaml")
	if err != nil {
		return names
	}
	known, err := token.ParseKnown(table)
	if err != nil {
		return names
	}
	for _, k := range known {
		for _, places := range [][]string{k.Files.Linux, k.Files.Windows, k.Files.MacOS} {
			for _, p := range places {
				names[p] = k.Name
			}
		}
	}
	return names
}

// largestModule is how much of a file is read for its hash; a larger one is no module.
const largestModule = 200 << 20

func moduleFile(path string) (report.File, bool) {
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		return report.File{}, false
	}
	info, err := os.Stat(real)
	if err != nil || !info.Mode().IsRegular() || info.Size() > largestModule {
		return report.File{}, false
	}
	f, err := os.Open(real)
	if err != nil {
		return report.File{}, false
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, io.LimitReader(f, largestModule)); err != nil {
		return report.File{}, false
	}
	return report.File{Real: filepath.Base(real), SHA256: hex.EncodeToString(sum.Sum(nil)), Size: info.Size(), Modified: info.ModTime()}, true
}

// SupportReport is the text for support: what was found, layer by layer, and nothing personal.
func (a *App) SupportReport() (string, error) {
	view, err := a.Look(context.Background())
	if err != nil {
		return "", err
	}
	return report.Text(a.Diagnose(view)), nil
}
