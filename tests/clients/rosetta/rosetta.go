// SPDX-License-Identifier: Apache-2.0

// Package rosetta stands in for the module of that name: Docker's CLI asks it whether an Apple computer translates its
// instructions, which is no question where these tests run.
package rosetta

// Enabled says no: this is Linux.
func Enabled() bool { return false }
