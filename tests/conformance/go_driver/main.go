// SPDX-License-Identifier: Apache-2.0

// Signs in with Snowflake's own Go driver and the data source name on standard input, and counts image repositories; or says why not.
package main

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"os"

	snowflake "github.com/snowflakedb/gosnowflake"
)

func main() {
	if err := signIn(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func signIn(ctx context.Context) error {
	name, err := io.ReadAll(os.Stdin)
	if err != nil {
		return err
	}
	config, err := snowflake.ParseDSN(string(name))
	if err != nil {
		return err
	}
	database := sql.OpenDB(snowflake.NewConnector(snowflake.SnowflakeDriver{}, *config))
	defer database.Close()
	rows, err := database.QueryContext(ctx, "SHOW IMAGE REPOSITORIES")
	if err != nil {
		return err
	}
	defer rows.Close()
	count := 0
	for rows.Next() {
		count++
	}
	fmt.Println(count, "repositories")
	return rows.Err()
}
