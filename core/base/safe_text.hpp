// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace torc::base {

/// Text that a signal handler makes and writes: it allocates nothing, and what does not fit is left out.
class safe_text {
 public:
  safe_text& operator<<(const char* text) noexcept {
    const std::size_t n = std::min(std::strlen(text), m_text.size() - m_used);
    std::memcpy(m_text.data() + m_used, text, n);
    m_used += n;
    return *this;
  }
  safe_text& operator<<(std::size_t number) noexcept { return add(number, 10); }
  /// As an address.
  safe_text& operator<<(const void* address) noexcept {
    *this << "0x";
    return add(reinterpret_cast<std::uintptr_t>(address), 16);
  }
  /// To standard error.
  void write() const noexcept { static_cast<void>(!::write(STDERR_FILENO, m_text.data(), m_used)); }

 private:
  safe_text& add(std::size_t number, std::size_t base) noexcept {
    std::array<char, 24> digits{};
    std::size_t at = digits.size() - 1;
    do {
      digits[--at] = "0123456789abcdef"[number % base];
      number /= base;
    } while (number != 0);
    return *this << (digits.data() + at);
  }

  std::array<char, 1024> m_text{};
  std::size_t m_used = 0;
};

}  // namespace torc::base
