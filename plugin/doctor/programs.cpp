// SPDX-License-Identifier: Apache-2.0
#include "doctor/programs.hpp"

#include <elf.h>

#include <algorithm>
#include <array>
#include <fstream>

#include "base/error.hpp"
#include "base/text.hpp"

namespace plugin::doctor {
namespace {

constexpr std::chrono::seconds program_timeout{5};

/// The processor that an ELF file is built for (elf(5)); empty when it is not an ELF file.
std::string processor_of(const std::filesystem::path& program) {
  std::array<unsigned char, 20> header{};
  std::ifstream file{program, std::ios::binary};
  if (!file.read(reinterpret_cast<char*>(header.data()), header.size())) return {};
  if (!std::equal(header.begin(), header.begin() + SELFMAG, ELFMAG)) return {};
  const bool big_endian = header[EI_DATA] == ELFDATA2MSB;
  const int machine = big_endian ? (header[18] << 8) + header[19] : (header[19] << 8) + header[18];
  using Processor = std::pair<int, const char*>;
  constexpr std::array known = {Processor{EM_X86_64, "x86-64"}, Processor{EM_AARCH64, "aarch64"},
                                Processor{EM_386, "i386"},      Processor{EM_ARM, "arm"},
                                Processor{EM_RISCV, "riscv64"}, Processor{EM_PPC64, "ppc64"},
                                Processor{EM_S390, "s390x"}};
  const auto found = std::ranges::find(known, machine, &Processor::first);
  return found == known.end() ? "processor " + std::to_string(machine) : found->second;
}

}  // namespace

std::filesystem::path own_program() {
  std::error_code ignored;
  return std::filesystem::read_symlink("/proc/self/exe", ignored);
}

base::ProgramResult run_program(const std::vector<std::string>& words, const base::Environment& environment) {
  try {
    return base::run_program(words, {}, environment, program_timeout)
        .value_or(base::ProgramResult{127, {}, {}});
  } catch (const base::Error& error) {
    return {126, {}, error.what()};
  }
}

std::string first_line(const base::ProgramResult& result) {
  if (result.timed_out) return "no answer in " + std::to_string(program_timeout.count()) + " seconds";
  for (const auto* text : {&result.err, &result.out}) {
    for (const auto& line : base::split(*text, '\n')) {
      if (const auto words = base::trim(line); !words.empty()) return base::printable(words, 200);
    }
  }
  return "exit status " + std::to_string(result.status);
}

std::string wrong_processor(const std::filesystem::path& program) {
  const auto its = processor_of(program);
  const auto own = processor_of("/proc/self/exe");
  return its.empty() || its == own ? "" : "is built for " + its + ", this machine is " + own;
}

std::string version_in(const std::string& answer) {
  const auto words = base::split(base::trim(answer), ' ');
  return words.size() == 3 && words[0] == helper_name ? base::printable(words[2], 50) : "";
}

}  // namespace plugin::doctor
