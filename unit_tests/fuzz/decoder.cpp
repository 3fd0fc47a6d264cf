// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include "unit_tests/fuzz/target.hpp"

// A libFuzzer program for everything that takes bytes of other nodes apart; ci/fuzz runs it. The first byte of an input
// says for which decoder the others are. With FUZZ_SEEDS=<folder> the program writes its seeds there and ends.

namespace {

// New ones at the end: an input that was found once stays what it is.
constexpr std::array targets{&torc::fuzz::frame, &torc::fuzz::frame_body, &torc::fuzz::failure, &torc::fuzz::task,
                             &torc::fuzz::result};

void write_seeds(const std::string& folder) {
  for (std::size_t i = 0; i < targets.size(); ++i) {
    int number = 0;
    for (const torc::fuzz::bytes& seed : targets[i]->seeds()) {
      std::ofstream file(folder + "/" + targets[i]->name + std::to_string(number++), std::ios::binary);
      file.put(static_cast<char>(i));
      file.write(reinterpret_cast<const char*>(seed.data()), static_cast<std::streamsize>(seed.size()));
      torc::fuzz::require(file.good());
    }
    std::printf("%d seeds for %s\n", number, targets[i]->name);
  }
}

}  // namespace

void torc::fuzz::require(bool holds) {
  if (!holds) std::abort();
}

extern "C" int LLVMFuzzerInitialize(int* /*argc*/, char*** /*argv*/) {
  if (const char* const folder = std::getenv("FUZZ_SEEDS"); folder != nullptr) {
    write_seeds(folder);
    std::exit(0);
  }
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  // A copy of its own, so that AddressSanitizer sees where it begins and ends.
  const auto* const begin = reinterpret_cast<const std::byte*>(data);
  const torc::fuzz::bytes input(begin + 1, begin + size);
  targets[data[0] % targets.size()]->decode(input);
  return 0;
}
