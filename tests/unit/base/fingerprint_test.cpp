// SPDX-License-Identifier: Apache-2.0
#include "base/fingerprint.hpp"

#include "support/catch.hpp"

using base::Fingerprint;

TEST_CASE("a fingerprint has sixteen digits, and depends on the texts and their lengths") {
  CHECK(Fingerprint{}.hex() == "cbf29ce484222325");  // FNV-1a's offset basis
  CHECK(Fingerprint{}.add("ab").add("c").hex() == Fingerprint{}.add("ab").add("c").hex());
  CHECK(Fingerprint{}.add("ab").add("c").hex() != Fingerprint{}.add("a").add("bc").hex());
  CHECK(Fingerprint{}.add("").hex() != Fingerprint{}.hex());
}
