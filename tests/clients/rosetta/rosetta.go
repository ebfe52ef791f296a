// SPDX-License-Identifier: Apache-2.0

// Package rosetta stands in for the module of that name, which not every proxy has: Docker's CLI asks it whether an
// Apple computer translates its instructions.
package rosetta

// Enabled says no: this is Linux.
func Enabled() bool { return false }
