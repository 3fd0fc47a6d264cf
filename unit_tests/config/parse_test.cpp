// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/config/parse.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace {

using namespace torc::config;

TEST(config_parse, integers_are_whole_texts) {
  EXPECT_EQ(parse_integer("12"), 12);
  EXPECT_EQ(parse_integer("-3"), -3);
  for (const char* text : {"", " 1", "1 ", "1x", "x", "1.5", "+1", "0x10", "1e3", "99999999999999999999", "--1"}) {
    EXPECT_EQ(parse_integer(text), std::nullopt) << text;
  }
}

TEST(config_parse, unsigned_numbers_reach_64_bits_and_have_no_sign) {
  EXPECT_EQ(parse_unsigned("18446744073709551615"), std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(parse_unsigned("18446744073709551616"), std::nullopt);
  EXPECT_EQ(parse_unsigned("-1"), std::nullopt);
}

TEST(config_parse, numbers_are_finite) {
  EXPECT_EQ(parse_number("0.25"), 0.25);
  EXPECT_EQ(parse_number("1e-3"), 1e-3);
  for (const char* text : {"", "inf", "nan", "1e999", "0.1s", "0,1", " 1"}) {
    EXPECT_EQ(parse_number(text), std::nullopt) << text;
  }
}

TEST(config_parse, booleans_may_be_written_in_any_case) {
  for (const char* text : {"true", "TRUE", "True", "1", "yes", "YES", "on"})
    EXPECT_EQ(parse_boolean(text), true) << text;
  for (const char* text : {"false", "FALSE", "fAlse", "0", "no", "No", "off"})
    EXPECT_EQ(parse_boolean(text), false) << text;
  for (const char* text : {"", "y", "2", "tru", "true ", "onn"}) EXPECT_EQ(parse_boolean(text), std::nullopt) << text;
}

TEST(config_parse, sizes_may_have_units) {
  constexpr std::size_t mebi = std::size_t{1} << 20;
  EXPECT_EQ(parse_size("65536"), 65536U);
  EXPECT_EQ(parse_size("65536B"), 65536U);
  for (const char* text : {"64K", "64k", "64KB", "64KiB", "64kib", "64 KiB"})
    EXPECT_EQ(parse_size(text), 65536U) << text;
  for (const char* text : {"3M", "3MB", "3MiB", "3 MiB"}) EXPECT_EQ(parse_size(text), 3 * mebi) << text;
  EXPECT_EQ(parse_size("2G"), 2048 * mebi);
  for (const char* text : {"", "M", "1X", "1iB", "1KiBs", "1.5M", "-1", "1  M", "1 ", "K1", "1Ki", "17179869184G"}) {
    EXPECT_EQ(parse_size(text), std::nullopt) << text;
  }
}

TEST(config_parse, sizes_shown_can_be_parsed_again) {
  for (const std::size_t bytes : {0UL, 1UL, 1000UL, 1024UL, 65537UL, 1UL << 20U, 3UL << 20U, 5UL << 30U}) {
    EXPECT_EQ(parse_size(show_size(bytes)), bytes) << show_size(bytes);
  }
  EXPECT_EQ(show_size(1U << 20U), "1 MiB");
}

TEST(config_parse, edit_distance_counts_insertions_deletions_and_replacements) {
  EXPECT_EQ(edit_distance("", ""), 0U);
  EXPECT_EQ(edit_distance("", "abc"), 3U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
  EXPECT_EQ(edit_distance("sitting", "kitten"), 3U);
  EXPECT_EQ(edit_distance("workers", "worker"), 1U);
  EXPECT_EQ(edit_distance("ab", "ba"), 2U);
}

}  // namespace
