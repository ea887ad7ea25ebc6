package procedure

// What a step can be. Append only: cases on disk name them.
const (
	Fill        = "fill"       // details
	MakeKey     = "make-key"   // a key pair on the card
	Request     = "request"    // PKCS#10, verified before it is saved
	Form        = "form"       // application.pdf
	ESign       = "e-sign"     // application-signed.pdf, with the current key
	Pay         = "pay"        // payment note; the holder pays
	Send        = "send"       // through the central API
	Print       = "print"      // print the copies
	SignPaper   = "sign-paper" // wet ink, stamp
	Deliver     = "deliver"    // hand in or post paper
	Approve     = "approve"    // the office decides
	Issue       = "issue"      // the authority makes the certificate
	Install     = "install"    // written to the card, read back, proved
	Choose      = "choose"     // the holder makes it current
	ReturnPaper = "return-paper"
	Receive     = "receive" // a new card by courier
	Call        = "call"

	Attach      = "attach"       // a document is put to the case: receipt, scan, power of attorney
	Await       = "await"        // something comes by itself: an answer, a mail
	Order       = "order"        // the clerk orders the signature at the authority
	Decide      = "decide"       // the clerk decides whether the signature is issued
	SignRequest = "sign-request" // request-signed.p7s: PKCS#10 inside CMS, signed with the current key
	Revoke      = "revoke"       // the authority revokes or suspends
	Register    = "register"     // the clerk enters it in the register
	Compare     = "compare"      // somebody compares two things: photo and card
	Buy         = "buy"          // at a shop, not at the office
)

var (
	whats = []string{Fill, MakeKey, Request, Form, ESign, Pay, Send, Print, SignPaper, Deliver, Approve, Issue, Install, Choose, ReturnPaper, Receive, Call,
		Attach, Await, Order, Decide, SignRequest, Revoke, Register, Compare, Buy}
	whos         = []string{"holder", "head", "clerk", "office", "authority", "courier"}
	languages    = []string{"en", "tr", "ru", "vi", "fa"}
	contactKinds = []string{"", "phone", "email", "web", "address", "subject"}
	fileTypes    = []string{"pdf", "jpeg", "png", "xml", "sig", "p7s", "zip"}
	stringTypes  = []string{"", "numeric", "utf8", "printable", "ia5"}
)

// Opened is the event from which a deadline may count instead of a step: the case was opened.
const Opened = "opened"

// Words lists every what, for those who must have a text for each.
func Words() []string { return append([]string(nil), whats...) }

// Whos lists who can act.
func Whos() []string { return append([]string(nil), whos...) }
