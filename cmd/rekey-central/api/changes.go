package api

import (
	"net/http"
	"time"

	"rekey/app/central"
	"rekey/cmd/rekey-central/api/stub"
)

// Changes answers at once when there is something; else it waits as long as asked.
func (s *server) Changes(w http.ResponseWriter, r *http.Request, p stub.ChangesParams) {
	page, err := s.await(r, or(p.After, 0), time.Duration(or(p.Wait, 0))*time.Second)
	s.tell(w, r, http.StatusOK, page, 0, err)
}

func (s *server) await(r *http.Request, after int64, wait time.Duration) (central.Changes, error) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	for {
		news := s.Office.News() // before reading, so that nothing slips through between
		page, err := s.Office.Changes(r.Context(), caller(r), after)
		if err != nil || len(page.Changes) > 0 || wait == 0 {
			return page, err
		}
		select {
		case <-news:
		case <-timer.C:
			return page, nil
		case <-s.Stopping:
			return page, nil
		case <-r.Context().Done():
			return page, nil
		}
	}
}
