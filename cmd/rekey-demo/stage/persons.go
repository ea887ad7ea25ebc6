// Package stage sets the scene for the demonstration and for the end-to-end tests: invented persons, their
// SoftHSM cards with certificates that end soon, a demonstration CA and a running central API.
//
// Everything is made with the programs themselves: keys are made on the cards, requests by package request, and
// certificates by rekey-central, whose GOST key is on a card too. It is never part of the shipped program.
package stage

import (
	"rekey/app/request"
	"rekey/token"
)

// Person is an invented holder with a card.
type Person struct {
	Name      string // folder
	Lang      string
	Keyboard  string // layout by its X11 name
	CardLabel string
	PIN       string
	Algorithm token.Algorithm
	Profile   string // of rekey-central ca certify
	DaysLeft  int
	ValidDays int
	Subject   []request.Attr
	SignTool  string // subjectSignTool of a Russian certificate
	Procedure string
	Route     string
	Details   map[string]string // what the person types; the rest comes from the certificate
}

// soPIN is the security officer's PIN of every demonstration card.
const soPIN = "87654321"

// Doctor is a family physician in Turkey. The T.C. number is a well-known test number.
func Doctor() Person {
	return Person{
		Name: "tr", Lang: "tr", Keyboard: "tr", CardLabel: "Dr. Ayşe Gül", PIN: "246810", Algorithm: token.RSA2048, Profile: "tr-nes", DaysLeft: 23, ValidDays: 3 * 365,
		Subject: []request.Attr{
			{OID: "2.5.4.5", Value: "10000000146", Type: request.Printable},
			{OID: "2.5.4.6", Value: "TR", Type: request.Printable},
			{OID: "2.5.4.3", Value: "AYŞE GÜL ÇAĞLAYANÖRNEK", Type: request.UTF8},
		},
		Procedure: "tr-kamusm-nes", Route: "e-signed",
		Details: map[string]string{
			"holder_kind": "family-physician",
			"birth_place": "Iğdır",
			"birth_date":  "14.03.1979",
			"institution": "Çukurova 3 No'lu Aile Sağlığı Merkezi",
			"unit":        "3 No'lu birim",
			"title":       "Aile hekimi",
			"email":       "ayse.ornek@saglik.example",
			"phone":       "0532 000 00 00",
			"address":     "Örnek Mah. Şifa Sok. 5/2, Çukurova, Adana",
		},
	}
}

// Head is the head of a medical organisation in Russia. The numbers are of region 00, which does not exist; the
// СНИЛС is the textbook's example.
func Head() Person {
	return Person{
		Name: "ru", Lang: "ru", Keyboard: "us", CardLabel: "Rekey demo, head", PIN: "135790", Algorithm: "gost2012-256/CryptoPro-A", Profile: "ru-head", DaysLeft: 40, ValidDays: 365,
		Subject: []request.Attr{
			{OID: "2.5.4.3", Value: "ГБУЗ «Образцовая районная больница»", Type: request.UTF8},
			{OID: "1.2.840.113549.1.9.1", Value: "priemnaya@bolnica.example", Type: request.IA5},
			{OID: "2.5.4.10", Value: "ГБУЗ «Образцовая районная больница»", Type: request.UTF8},
			{OID: "1.2.643.100.1", Value: "1260000000006", Type: request.Numeric},
			{OID: "2.5.4.12", Value: "Главный врач", Type: request.UTF8},
			{OID: "1.2.643.100.3", Value: "11223344595", Type: request.Numeric},
			{OID: "1.2.643.100.4", Value: "0012345673", Type: request.Numeric},
			{OID: "2.5.4.6", Value: "RU", Type: request.Printable},
			{OID: "2.5.4.8", Value: "00 Образцовая область", Type: request.UTF8},
			{OID: "2.5.4.7", Value: "Образцовск", Type: request.UTF8},
			{OID: "2.5.4.9", Value: "ул. Щорса, д. 1", Type: request.UTF8},
			{OID: "2.5.4.4", Value: "Щукина", Type: request.UTF8},
			{OID: "2.5.4.42", Value: "Ёлка Юрьевна", Type: request.UTF8},
		},
		SignTool:  `СКЗИ "SoftHSM", учебное`,
		Procedure: "ru-vipnet-tfoms", Route: "transport",
		Details: map[string]string{"phone": "+7 800 000-00-00"},
	}
}
