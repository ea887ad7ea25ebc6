// Package procedure reads how one authority wants an electronic signature renewed, issued, replaced or revoked.
//
// A procedure is data (assets/procedures/*.yaml), never code: a new authority is a new file. Every official fact
// carries a source and the day it was true (as_of); what no source confirms says confirmed: false and why (doubt), and is
// never printed as official. What the central API sends later is an Override: Apply replaces fees, payment, windows,
// copies and contacts, and what it replaced says as of when.
//
// It promises strict reading: an unknown key, a wrong word, a step that nothing leads to are refused with file and
// line, all of them at once (Problems). It never knows a card, a case or a window.
//
// # The file
//
// Texts are maps of language tags (en, tr, ru, vi, fa); English is always there. Days are written 2026-11-21.
//
//	id                the name of the file without .yaml; forms are assets/forms/<id>.<form>.yaml
//	country           ISO 3166-1 code, "" for any; names the working-day calendar
//	language          of the office and its forms
//	title, authority  texts
//	match             which certificates belong here: policies (any of the OIDs), issuer (any of the texts occurs in the
//	                  issuer's name), subject_oid (all of them), subject_country; any: true is the last resort
//	windows           reminder_days and opens_days (before the end), latest_days (0: until the end), once; as_of, source
//	holder_kinds      id, label, note: who pays what and does which steps. A field holder_kind takes its choices from here
//	fields            what the form asks: id, label, hint, check (a kind of app/identity, or date), from (a subject attribute),
//	                  fixed, required, lines, choices, default, refuse (endings that are not taken)
//	reasons           see below
//	forms             id, title, copies, signatures (who, where, stamp, note); as_of, source
//	documents         what can be attached: id, label, types (pdf jpeg png xml sig p7s zip), max_mb, note
//	key_algorithms    what the holder may make, best first; none: the authority makes the key
//	private_key_months  how long a key made now may sign: goes onto the card and into the request; none: it is not said
//	request_extensions, subject (the profile: oid, name, string, length, max, required, only_for, source)
//	carriers          where a key may be kept: id, label, safe, warning, source
//	fees              reason, holder_kind ("" for all), amount "112.10", currency, for; as_of, source
//	payment           payee, bank, branch, iban (or account, bic, correspondent, payee_inn, payee_kpp), text (the exact
//	                  description, a text/template over the fields), counter (the words to say at a bank counter); as_of, source
//	contacts          id, label, value, kind (phone, email, web, address, subject), source
//	register          the columns of the register that the office keeps of its signatures (as row_fields)
//	sources           where the file comes from
//
// A reason: id, label, note, guidance (no case: only the note), without_certificate (no current certificate is needed), only_for,
// ask (which of the common fields; none: all), fields (of its own), row_fields (min, max, fields: a table with one row for
// each holder), payment (instead of the file's), routes.
//
// A route: id, label, note, valid_certificate (only while the current certificate is valid: a route that signs with it must say
// so), form, also (further forms), copies, steps.
//
// A step: id, who (holder, head, clerk, office, authority, courier), what (words.go), note, only_for, form (which one is
// printed or signed), document (what is attached or proves the step), contact (whom to call), deadline.
//
// A deadline: from (an earlier step, or "opened"), then one of days, working_days, months, hours; missed (what is lost),
// blocks (what stops meanwhile), warn (half, before: [2] unless said otherwise), source.
package procedure
