// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "uts/sha1.hpp"

#include <gtest/gtest.h>

namespace {

using uts::sha1;
using uts::sha1_digest;
using uts::sha1_pad;

TEST(sha1, digest_of_abc_is_that_of_rfc_3174) {
  uts::sha1_block abc{0x61626380U};
  abc[15] = 24;
  EXPECT_EQ(sha1(abc), (sha1_digest{0xA9993E36U, 0x4706816AU, 0xBA3E2571U, 0x7850C26CU, 0x9CD0D89DU}));
}

TEST(sha1, digest_of_the_empty_message_is_known) {
  const std::array<std::uint32_t, 0> empty{};
  EXPECT_EQ(sha1(sha1_pad(empty)), (sha1_digest{0xDA39A3EEU, 0x5E6B4B0DU, 0x3255BFEFU, 0x95601890U, 0xAFD80709U}));
}

TEST(sha1, padding_appends_one_bit_and_the_length_in_bits) {
  const auto block = sha1_pad(std::array<std::uint32_t, 6>{1, 2, 3, 4, 5, 6});
  EXPECT_EQ(block, (uts::sha1_block{1, 2, 3, 4, 5, 6, 0x80000000U, 0, 0, 0, 0, 0, 0, 0, 0, 192}));
}

}  // namespace
