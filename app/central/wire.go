// Package central keeps the office's central API in step with this machine.
//
// The wire types of this file are the contract (assets/openapi/central.yaml says the
// same for other implementers); the reference server below cmd/rekey-central uses them too.
package central

import "time"

// MediaProblem is the media type of errors (RFC 9457).
const MediaProblem = "application/problem+json"

// Limits that both sides keep.
const (
	MaxDocument = 20 << 20 // bytes of one document
	MaxJSON     = 1 << 20  // bytes of one JSON body
)

// States of a case at the office. Append only.
const (
	StateReceived = "received"
	StateApproved = "approved"
	StateReturned = "returned"
	StateIssued   = "issued"
)

// Kinds of documents. Append only.
const (
	DocApplication       = "application"        // application.pdf
	DocApplicationSigned = "application-signed" // application-signed.pdf
	DocRequest           = "request"            // request.p10, PEM PKCS#10
	DocRequestSigned     = "request-signed"     // request-signed.p7s, CMS over the request
	DocReceipt           = "receipt"            // bank receipt
	DocScan              = "scan"               // scan of the signed paper
	DocCertificate       = "certificate"        // certificate.pem, from the office
)

// Document is a file by its content.
type Document struct {
	Kind   string `json:"kind"`
	Name   string `json:"name"`   // file name, for people
	SHA256 string `json:"sha256"` // lower-case hex of the bytes
	Size   int64  `json:"size"`   // bytes
}

// Submission is what a holder hands in (POST /v1/cases). Its documents have been sent before by hash.
type Submission struct {
	ID        string              `json:"id"` // UUIDv7, made by the client
	Procedure string              `json:"procedure"`
	Reason    string              `json:"reason"`
	Route     string              `json:"route"`
	Holder    string              `json:"holder"`
	Details   map[string]string   `json:"details"`
	Rows      []map[string]string `json:"rows,omitempty"` // the table of a list, one row for each holder
	Documents []Document          `json:"documents"`
	CreatedAt time.Time           `json:"created_at"` // UTC
}

// Case is a submission as the office holds it (GET /v1/cases/{id}).
type Case struct {
	Submission
	State     string     `json:"state"`
	Why       string     `json:"why,omitempty"` // reason of a return
	FromCA    []Document `json:"from_ca,omitempty"`
	Version   int64      `json:"version"`
	UpdatedAt time.Time  `json:"updated_at"`
}

// Change is one decision of the office, in order of Cursor (GET /v1/changes?after=N). Kind "" is about a case; any other names
// a resource (holder, receipt, revocation) whose ID is in ID. A client passes over kinds that it does not know.
type Change struct {
	Cursor    int64      `json:"cursor"`
	Kind      string     `json:"kind,omitempty"`
	ID        string     `json:"id,omitempty"`
	Case      string     `json:"case,omitempty"`
	State     string     `json:"state"`
	Why       string     `json:"why,omitempty"`
	Version   int64      `json:"version,omitempty"` // of the case after this change; 0: the office does not tell it
	Documents []Document `json:"documents,omitempty"`
	At        time.Time  `json:"at"`
}

// Changes is a page of the change feed; Next is the cursor to ask with the next time.
type Changes struct {
	Changes []Change `json:"changes"`
	Next    int64    `json:"next"`
	More    bool     `json:"more"`
}

// CaseList is a page of cases for the officer (GET /v1/cases).
type CaseList struct {
	Cases []Case `json:"cases"`
	Next  string `json:"next,omitempty"` // ask again with ?after=
}

// Return is the body of POST /v1/cases/{id}/return.
type Return struct {
	Why string `json:"why"`
}

// Problem is the body of an error (RFC 9457).
type Problem struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail,omitempty"`

	Missing []string `json:"missing,omitempty"` // SHA-256 of documents to send first (422 of POST /v1/cases)
}
