package api

import (
	"math"
	"net/http"
	"time"

	"rekey/app/central"
	"rekey/cmd/rekey-central/office"
)

const maxWait = 30 // seconds

// changes answers at once when there is something; else it waits as long as asked.
func (s *server) changes(w http.ResponseWriter, r *http.Request, c office.Caller) error {
	got, err := query(r, "after", "wait")
	if err != nil {
		return err
	}
	after, err := whole(got, "after", 0, math.MaxInt64-1, 0)
	if err != nil {
		return err
	}
	wait, err := whole(got, "wait", 0, maxWait, 0)
	if err != nil {
		return err
	}
	page, err := s.await(r, c.Client, after, time.Duration(wait)*time.Second)
	if err != nil {
		return err
	}
	return answer(w, http.StatusOK, page)
}

func (s *server) await(r *http.Request, client string, after int64, wait time.Duration) (central.Changes, error) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	for {
		news := s.Office.News() // before reading, so that nothing slips through between
		page, err := s.Office.Changes(client, after)
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
