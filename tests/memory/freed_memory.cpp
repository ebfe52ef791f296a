// SPDX-License-Identifier: Apache-2.0
// Shows that memory of the programs keeps no secret once it is freed: secrets go through everything that
// carries them (Secret, strings, JSON, requests, a signed key), are let go, and then all memory that this
// process may write to is searched for them, as a core dump would show it. A secret that is still held must
// be found, so that the search itself is shown to work.
#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

#include "base/json.hpp"
#include "base/secret.hpp"
#include "net/http.hpp"

namespace {

constexpr unsigned char mask = 0xA5;
constexpr std::size_t length = 48;

/// A secret as it is never written anywhere: every byte is masked, so that the search cannot find itself.
using Masked = std::vector<unsigned char>;

Masked make_secret(char kind) {
  Masked masked(length);
  for (std::size_t i = 0; i < length; ++i) {
    const char letter = i % 2 == 0 ? kind : static_cast<char>('a' + static_cast<int>(i % 26));
    masked[i] = static_cast<unsigned char>(static_cast<unsigned char>(letter) ^ mask);
  }
  return masked;
}

__attribute__((noinline)) std::string revealed(const Masked& masked) {
  std::string text(masked.size(), '\0');
  for (std::size_t i = 0; i < masked.size(); ++i) text[i] = static_cast<char>(masked[i] ^ mask);
  return text;
}

/// How often it is in this process's memory.
int count(const Masked& masked) {
  std::FILE* maps = std::fopen("/proc/self/maps", "r");
  const int memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
  if (maps == nullptr || memory < 0) std::abort();
  constexpr std::size_t step = 1U << 16;
  static unsigned char window[step + length];
  int found = 0;
  char line[512];
  while (std::fgets(line, sizeof line, maps) != nullptr) {
    std::uintptr_t from = 0;
    std::uintptr_t to = 0;
    char rights[5] = {};
    if (std::sscanf(line, "%" SCNxPTR "-%" SCNxPTR " %4s", &from, &to, rights) != 3 || rights[1] != 'w')
      continue;
    for (std::uintptr_t at = from; at < to; at += step) {
      const auto got = pread(memory, window, sizeof window, static_cast<off_t>(at));
      for (std::size_t i = 0; got > 0 && i + length <= static_cast<std::size_t>(got) && i < step; ++i) {
        std::size_t same = 0;
        while (same < length && (window[i + same] ^ mask) == masked[same]) ++same;
        const auto address = at + i;
        const auto own = reinterpret_cast<std::uintptr_t>(&window[0]);
        if (same == length && (address < own || address >= own + sizeof window)) ++found;
      }
    }
  }
  explicit_bzero(window, sizeof window);
  close(memory);
  std::fclose(maps);
  return found;
}

__attribute__((noinline)) void carry_as_secret(const Masked& masked) {
  base::Secret first{revealed(masked)};
  base::Secret second = first;
  const base::Secret third = std::move(first);
  second = third;
}

__attribute__((noinline)) void carry_in_strings(const Masked& masked) {
  std::string text = "Bearer " + revealed(masked);
  // Grows, and so leaves blocks of every size behind.
  for (int i = 0; i < 12; ++i) text += text.substr(0, 64);
  std::vector<std::string> parts(8, text);
  parts.erase(parts.begin());
}

__attribute__((noinline)) void carry_in_json(const Masked& masked) {
  const auto json = base::Json::parse(R"({"data":{"token":")" + revealed(masked) + R"(","rows":[1,2]}})");
  auto copy = json;
  copy["data"]["again"] = json["data"]["token"];
  const std::string text = copy.dump();
  if (text.empty()) std::abort();
}

__attribute__((noinline)) void carry_in_a_request(const Masked& masked) {
  net::HttpRequest request;
  request.authorization = base::Secret{"Basic " + revealed(masked)};
  request.body = base::Secret{R"({"password":")" + revealed(masked) + R"("})"};
  auto again = std::make_unique<net::HttpRequest>(request);
  net::HttpResponse response{200, {}, base::Secret{again->body.reveal()}};
}

}  // namespace

int main() {
  int failed = 0;
  const auto held = make_secret('H');
  const auto kept = std::make_unique<base::Secret>(revealed(held));
  if (count(held) == 0) {
    std::puts("the search does not find a secret that is in memory");
    ++failed;
  }
  const std::pair<const char*, void (*)(const Masked&)> carriers[] = {{"Secret", carry_as_secret},
                                                                      {"strings", carry_in_strings},
                                                                      {"JSON", carry_in_json},
                                                                      {"requests", carry_in_a_request}};
  char kind = 'P';
  for (const auto& [name, carry] : carriers) {
    const auto masked = make_secret(kind++);
    carry(masked);
    const int left = count(masked);
    std::printf("%s: %d copies left in memory\n", name, left);
    if (left != 0) ++failed;
  }
  return failed == 0 && kept != nullptr ? 0 : 1;
}
