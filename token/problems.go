package token

import (
	"os"
)

// Layer is where something fails, from the system up to the card. Append only.
type Layer string

// The layers.
const (
	LayerService Layer = "service" // the system's smart card service
	LayerReader  Layer = "reader"  // the USB device
	LayerCard    Layer = "card"    // what is, or is not, in a reader
	LayerModule  Layer = "module"  // no module, or one that runs and fails
	LayerLoad    Layer = "load"    // a module that cannot be loaded
)

// Problem is one thing that is broken or missing. Module and Reader are "" where they do not apply.
type Problem struct {
	Layer  Layer
	Module string
	Reader string
	Kind   Kind
	Err    string // for details; texts for people are made from Kind
}

// problems names every broken module, and, when no card can be used, the first layer that fails.
// A blank card is named only then: SoftHSM always has one in reserve.
func problems(s Snapshot) []Problem {
	modules, readers := s.Modules, s.Readers
	if len(modules) == 0 {
		return []Problem{{Layer: LayerModule, Kind: KindNoModule, Err: "no PKCS#11 module is installed or given"}}
	}
	found := missing(modules, readers, s.Service)
	for _, m := range modules {
		switch m.Kind {
		case "":
		case KindModuleLoad:
			found = append(found, Problem{Layer: LayerLoad, Module: m.Path, Kind: m.Kind, Err: m.Err})
		default:
			found = append(found, Problem{Layer: LayerModule, Module: m.Path, Kind: m.Kind, Err: m.Err})
		}
	}
	for _, r := range readers {
		if r.Fault != "" {
			found = append(found, Problem{Layer: LayerCard, Module: r.Module, Reader: r.Name, Kind: KindMute, Err: r.Fault})
		}
	}
	return found
}

// missing says why there is no card to use; nothing when there is one, or when no module answers
// (then the broken modules say it).
func missing(modules []ModuleState, readers []Reader, service bool) []Problem {
	var working, hardware bool
	for _, m := range modules {
		if m.Kind == "" {
			working = true
			hardware = hardware || !isSoftHSM(m.Path)
		}
	}
	if !working {
		return nil
	}
	if hardware && !service && allEmpty(readers) {
		return []Problem{{Layer: LayerService, Kind: KindNoService, Err: "pcscd does not run"}}
	}
	if len(readers) == 0 {
		return []Problem{{Layer: LayerReader, Kind: KindNoReader, Err: "no reader is connected"}}
	}
	var found []Problem
	mute := false
	for _, r := range readers {
		switch {
		case r.Fault != "":
			mute = true
		case r.Card == nil:
		case r.Card.Blank:
			found = append(found, Problem{Layer: LayerCard, Module: r.Module, Reader: r.Name, Kind: KindBlank, Err: "the card is not initialised"})
		default:
			return nil
		}
	}
	if len(found) == 0 && !mute {
		return []Problem{{Layer: LayerCard, Kind: KindNoCard, Err: "every reader is empty"}}
	}
	return found
}

// allEmpty: no reader, or no card in any. OpenSC goes on listing its readers when the service has ended.
func allEmpty(readers []Reader) bool {
	for _, r := range readers {
		if !isSoftHSM(r.Module) && (r.Card != nil || r.Fault != "") {
			return false
		}
	}
	return true
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
