package data

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// layout numbers the tables. Values have a number of their own (Meta "schema").
const layout = 1

// tables of layout 1. The bytes of a document are rows of at most Part bytes by the number of a blob; an upload that becomes
// a document keeps its number, so no byte is moved.
const tables = `
create schema if not exists rekey;
create table rekey.layout (number int not null);
create table rekey.records (bucket text collate "C", key bytea, value bytea not null, primary key (bucket, key));
create table rekey.counters (bucket text collate "C" primary key, n bigint not null) with (fillfactor = 10);
create sequence rekey.blob_numbers;
create table rekey.blobs (sum text collate "C" primary key, blob bigint not null default nextval('rekey.blob_numbers'), size bigint not null);
create table rekey.uploads (owner text collate "C", sum text collate "C", blob bigint not null default nextval('rekey.blob_numbers'),
	size bigint not null, touched timestamptz not null, primary key (owner, sum));
create table rekey.parts (blob bigint, start bigint, bytes bytea not null, primary key (blob, start));
alter table rekey.parts alter column bytes set storage external;
`

// layOut makes the tables, one server at a time, and looks at their number.
func layOut(ctx context.Context, pool *pool) error {
	ctx, cancel := pool.limit(ctx)
	defer cancel()
	return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "select pg_advisory_xact_lock(hashtextextended('rekey/layout', 0))"); err != nil {
			return err
		}
		var there bool
		if err := tx.QueryRow(ctx, "select to_regclass('rekey.layout') is not null").Scan(&there); err != nil {
			return err
		}
		if !there {
			if _, err := tx.Exec(ctx, tables); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, "insert into rekey.layout (number) values ($1)", layout)
			return err
		}
		var number int
		if err := tx.QueryRow(ctx, "select number from rekey.layout").Scan(&number); err != nil {
			return err
		}
		if number != layout {
			return fmt.Errorf("the database's tables have number %d, this program knows %d", number, layout)
		}
		return nil
	})
}
