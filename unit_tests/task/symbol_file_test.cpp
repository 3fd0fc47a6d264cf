// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/task/symbol_file.hpp"

#include <dlfcn.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <link.h>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>

namespace {

using torc::task::name_in_file;

void not_exported() {}
const void* const address_of_function = reinterpret_cast<const void*>(&not_exported);
const int a_number = 1;

/// The address of a place in this program, without the bias.
std::uintptr_t value_of(const void* address) {
  std::uintptr_t bias = 0;
  dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void* found) {
        *static_cast<std::uintptr_t*>(found) = info->dlpi_addr;  // the program is the first
        return 1;
      },
      &bias);
  return reinterpret_cast<std::uintptr_t>(address) - bias;
}

TEST(symbol_file, tells_of_functions_that_are_not_exported) {
  for (int i = 0; i < 2; ++i)
    EXPECT_NE(name_in_file("/proc/self/exe", value_of(address_of_function)).find("not_exported"), std::string::npos);
  EXPECT_EQ(name_in_file("/proc/self/exe", value_of(&a_number)), "");
}

TEST(symbol_file, tells_nothing_of_what_it_cannot_read) {
  EXPECT_EQ(name_in_file("/nowhere/at/all", 1), "");
  EXPECT_EQ(name_in_file("/proc/self/status", 1), "");
  EXPECT_EQ(name_in_file("/proc/self", 1), "");
}

TEST(symbol_file, survives_files_that_are_cut_off_anywhere) {
  std::ifstream whole("/proc/self/exe", std::ios::binary);
  const std::string bytes(std::istreambuf_iterator<char>(whole), {});
  const auto path = std::filesystem::temp_directory_path() / ("torc_symbols_" + std::to_string(::getpid()));
  for (std::size_t part = 0; part < 40; ++part) {
    // A name of its own for each, because what was found is remembered.
    const std::string cut = path.string() + "_" + std::to_string(part);
    const std::size_t size = part < 20 ? part * 8 : bytes.size() / 20 * (part - 19) - (part % 3);
    std::ofstream(cut, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(size));
    const std::string found = name_in_file(cut, value_of(address_of_function));
    EXPECT_TRUE(found.empty() || found.find("not_exported") != std::string::npos) << found;
    std::filesystem::remove(cut);
  }
}

}  // namespace
