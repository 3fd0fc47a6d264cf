// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <elf.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace torc::task {

/// A program or shared library that is loaded. Never destroyed: a pointer to it stays valid after it was unloaded.
struct module {
  struct segment {
    std::uintptr_t begin;
    std::uintptr_t end;
    std::uint32_t permissions;  ///< PF_R, PF_W, PF_X
  };

  bool contains(const void* address) const noexcept {
    const auto at = reinterpret_cast<std::uintptr_t>(address);
    return at >= begin && at < end;
  }

  /// The address of `size_bytes` bytes at an offset, within one segment with these permissions; else null.
  const void* at(std::uint64_t offset, std::uint64_t size_bytes, std::uint32_t permissions) const noexcept {
    const std::uintptr_t place = bias + offset;
    for (const segment& s : segments) {
      if (place < s.begin || place >= s.end) continue;
      const bool fits = size_bytes <= s.end - place && (s.permissions & permissions) == permissions;
      return fits ? reinterpret_cast<const void*>(place) : nullptr;
    }
    return nullptr;
  }

  /// Found at the first call: one without build id must be read as a whole for it.
  std::uint64_t id() const {
    const std::uint64_t known = m_id.load(std::memory_order_relaxed);
    return known != 0 ? known : find_id();
  }

  std::uintptr_t bias = 0;  ///< added to the addresses in the file
  std::uintptr_t begin = 0;
  std::uintptr_t end = 0;
  std::vector<segment> segments;  ///< by address
  std::vector<segment> notes;
  std::string path;

 private:
  std::uint64_t find_id() const;
  mutable std::atomic<std::uint64_t> m_id{0};  ///< 0: not known yet
};

/// The module that contains the address, or null. A few nanoseconds for the main program; others are asked of the
/// dynamic linker's counters, because they come and go.
const module* module_around(const void* address);
/// The one with this id, or null.
const module* module_of(std::uint64_t id);
/// The main program first.
const std::vector<std::shared_ptr<const module>>& loaded_modules();

}  // namespace torc::task
