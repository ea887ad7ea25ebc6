package token

import (
	"context"
	"time"
)

func (h *helper) Readers(ctx context.Context) ([]Reader, error) {
	if h.busy(ctx) {
		h.mu.Lock()
		defer h.mu.Unlock()
		return h.last, nil
	}
	reply, err := h.call(ctx, "list readers", "Readers", h.limits.Call, nil, &wireCall{})
	h.mu.Lock()
	defer h.mu.Unlock()
	h.known = err == nil
	if err != nil {
		return nil, err
	}
	h.last = reply.Readers
	return reply.Readers, nil
}

func (h *helper) Flags(ctx context.Context) (string, error) {
	if h.busy(ctx) {
		h.mu.Lock()
		defer h.mu.Unlock()
		return h.flags, nil
	}
	reply, err := h.call(ctx, "read slot flags", "Flags", h.limits.Call, nil, &wireCall{})
	h.mu.Lock()
	defer h.mu.Unlock()
	if err != nil {
		return "", err
	}
	h.flags = reply.Flags
	return reply.Flags, nil
}

// busy says that there is a last answer, and that another call has the module for longer than a moment.
func (h *helper) busy(ctx context.Context) bool {
	h.mu.Lock()
	known := h.known
	h.mu.Unlock()
	if !known {
		return false
	}
	select {
	case h.turn <- struct{}{}:
		<-h.turn
		return false
	default:
	}
	wait := time.NewTimer(busyWait)
	defer wait.Stop()
	select {
	case h.turn <- struct{}{}:
		<-h.turn
		return false
	case <-ctx.Done():
		return false
	case <-wait.C:
		return true
	}
}
