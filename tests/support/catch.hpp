// SPDX-License-Identifier: Apache-2.0
#pragma once

// Catch2 2, which Debian 12 has, and 3 differ in their headers only.
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>
#endif
