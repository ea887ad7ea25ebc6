// Package stub is generated from the contract: one method for each operation (ServerInterface), the router that
// reads their parameters, and the names of the hand-written wire types. A test makes it again and compares.
package stub

//go:generate go run github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen@v2.6.0 -config config.yaml ../../../../assets/openapi/central.yaml
