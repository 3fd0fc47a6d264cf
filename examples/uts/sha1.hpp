// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace uts {

/// A SHA-1 digest as its five 32-bit words.
using sha1_digest = std::array<std::uint32_t, 5>;

/// A padded message of one block, as 32-bit words.
using sha1_block = std::array<std::uint32_t, 16>;

/// Pads a message of up to 13 whole words to one block (RFC 3174, section 4).
template <std::size_t Words>
sha1_block sha1_pad(const std::array<std::uint32_t, Words>& message) {
  static_assert(Words <= 13, "a longer message needs a second block");
  sha1_block block{};
  for (std::size_t i = 0; i < Words; ++i) block[i] = message[i];
  block[Words] = 0x80000000U;
  block[15] = 32 * Words;
  return block;
}

/// The digest of a message of one padded block (RFC 3174, method 1 with the circular schedule of method 2). Messages
/// of trees are that short and made of whole words, so there are no bytes to swap and nothing to buffer.
inline sha1_digest sha1(sha1_block w) {
  constexpr sha1_digest initial{0x67452301U, 0xEFCDAB89U, 0x98BADCFEU, 0x10325476U, 0xC3D2E1F0U};
  std::uint32_t a = initial[0];
  std::uint32_t b = initial[1];
  std::uint32_t c = initial[2];
  std::uint32_t d = initial[3];
  std::uint32_t e = initial[4];

  const auto round = [&](std::size_t t, std::uint32_t f, std::uint32_t k) {
    if (t >= 16) w[t & 15] = std::rotl(w[(t + 13) & 15] ^ w[(t + 8) & 15] ^ w[(t + 2) & 15] ^ w[t & 15], 1);
    const std::uint32_t next = std::rotl(a, 5) + f + e + w[t & 15] + k;
    e = d;
    d = c;
    c = std::rotl(b, 30);
    b = a;
    a = next;
  };
  for (std::size_t t = 0; t < 20; ++t) round(t, d ^ (b & (c ^ d)), 0x5A827999U);
  for (std::size_t t = 20; t < 40; ++t) round(t, b ^ c ^ d, 0x6ED9EBA1U);
  for (std::size_t t = 40; t < 60; ++t) round(t, (b & c) | (d & (b | c)), 0x8F1BBCDCU);
  for (std::size_t t = 60; t < 80; ++t) round(t, b ^ c ^ d, 0xCA62C1D6U);

  return {initial[0] + a, initial[1] + b, initial[2] + c, initial[3] + d, initial[4] + e};
}

}  // namespace uts
