// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <random>
#include <set>
#include <string>
#include <torc/rng.hpp>
#include <vector>

namespace {

using torc::rng_engine;
using torc::detail::hash_keys;
using torc::detail::philox_block;
using torc::detail::rng_domain;
using block = std::array<std::uint64_t, 4>;

static_assert(std::uniform_random_bit_generator<rng_engine>);

std::vector<std::uint64_t> draw(rng_engine engine, std::size_t n) {
  std::vector<std::uint64_t> values(n);
  std::generate(values.begin(), values.end(), std::ref(engine));
  return values;
}

// The vectors that Random123 publishes with its sources (tests/kat_vectors, "philox4x64 10").
TEST(rng, philox_gives_the_published_answers) {
  constexpr std::uint64_t ones = ~std::uint64_t{0};
  EXPECT_EQ(philox_block(0, 0, {0, 0, 0, 0}),
            (block{0x16554d9eca36314cU, 0xdb20fe9d672d0fdcU, 0xd7e772cee186176bU, 0x7e68b68aec7ba23bU}));
  EXPECT_EQ(philox_block(ones, ones, {ones, ones, ones, ones}),
            (block{0x87b092c3013fe90bU, 0x438c3c67be8d0224U, 0x9cc7d7c69cd777b6U, 0xa09caebf594f0ba0U}));
  EXPECT_EQ(philox_block(0x452821e638d01377U, 0xbe5466cf34e90c6cU,
                         {0x243f6a8885a308d3U, 0x13198a2e03707344U, 0xa4093822299f31d0U, 0x082efa98ec4e6c89U}),
            (block{0xa528f45403e61d95U, 0x38c72dbd566e9788U, 0xa5a1610e72fd18b5U, 0x57bd43b5e52b7fe6U}));
}

TEST(rng, an_engine_gives_the_words_of_consecutive_blocks) {
  std::vector<std::uint64_t> expected;
  for (std::uint64_t i = 0; i < 3; ++i) {
    for (const std::uint64_t word : philox_block(7, 9, {i, 0, 0, 0})) expected.push_back(word);
  }
  EXPECT_EQ(draw(rng_engine(7, 9), 12), expected);
}

TEST(rng, discarding_equals_drawing) {
  for (std::uint64_t before = 0; before < 9; ++before) {
    for (std::uint64_t n = 0; n < 14; ++n) {
      rng_engine drawn(1, 2);
      for (std::uint64_t i = 0; i < before; ++i) drawn();
      rng_engine skipped = drawn;
      for (std::uint64_t i = 0; i < n; ++i) drawn();
      skipped.discard(n);
      EXPECT_EQ(skipped, drawn) << before << " then " << n;
      EXPECT_EQ(draw(skipped, 9), draw(drawn, 9)) << before << " then " << n;
    }
  }
}

TEST(rng, discarding_far_lands_on_the_right_block) {
  rng_engine engine(1, 2);
  engine.discard(~std::uint64_t{0});
  EXPECT_EQ(engine(), philox_block(1, 2, {~std::uint64_t{0} / 4, 0, 0, 0})[3]);
}

TEST(rng, engines_are_equal_when_they_will_give_the_same_values) {
  rng_engine a(3, 4);
  rng_engine b(3, 4);
  EXPECT_EQ(a, b);
  a();
  EXPECT_NE(a, b);
  b();
  EXPECT_EQ(a, b);
  EXPECT_NE(rng_engine(3, 4), rng_engine(3, 5));
  EXPECT_NE(rng_engine(3, 4), rng_engine(4, 4));
  EXPECT_NE(rng_engine(3, 4, rng_domain::task), rng_engine(3, 4, rng_domain::named));
}

TEST(rng, a_copy_continues_alike) {
  rng_engine original(5, 6);
  original.discard(6);
  const rng_engine copy = original;
  EXPECT_EQ(draw(copy, 8), draw(original, 8));
}

TEST(rng, named_streams_do_not_meet_the_streams_of_tasks) {
  std::set<std::uint64_t> values;
  for (const rng_domain domain : {rng_domain::task, rng_domain::named}) {
    for (const std::uint64_t v : draw(rng_engine(1, 2, domain), 1000)) values.insert(v);
  }
  EXPECT_EQ(values.size(), 2000U);
}

TEST(rng, feeds_the_distributions_of_the_standard_library) {
  rng_engine engine(11);
  std::uniform_real_distribution<double> uniform;
  constexpr int n = 100'000;
  double sum = 0;
  double squares = 0;
  for (int i = 0; i < n; ++i) {
    const double u = uniform(engine);
    sum += u;
    squares += u * u;
  }
  EXPECT_NEAR(sum / n, 1.0 / 2, 0.005);
  EXPECT_NEAR(squares / n, 1.0 / 3, 0.005);
}

TEST(rng, the_same_keys_name_the_same_stream) {
  rng_engine a = torc::rng("noise", 3, 4U);
  rng_engine b = torc::rng(std::string("noise"), 3L, std::uint8_t{4});
  EXPECT_EQ(a, b);
  EXPECT_EQ(draw(a, 10), draw(b, 10));
}

TEST(rng, streams_of_different_keys_differ) {
  enum class kind : int { prior = 1, noise = 2 };
  const std::vector<std::uint64_t> hashes{hash_keys(1),           hash_keys(2),
                                          hash_keys(-1),          hash_keys(1, 2),
                                          hash_keys(2, 1),        hash_keys(1, 0),
                                          hash_keys(0, 1),        hash_keys(0),
                                          hash_keys(0, 0),        hash_keys(""),
                                          hash_keys("", ""),      hash_keys("a"),
                                          hash_keys("b"),         hash_keys("ab"),
                                          hash_keys("a", "b"),    hash_keys("1"),
                                          hash_keys("noise", 1),  hash_keys(1, "noise"),
                                          hash_keys("", 0),       hash_keys(0, ""),
                                          hash_keys(0xffffffffU), hash_keys(kind::prior, kind::prior)};
  EXPECT_EQ(std::set(hashes.begin(), hashes.end()).size(), hashes.size());
  EXPECT_EQ(hash_keys(kind::noise), hash_keys(2));
}

TEST(rng, a_million_named_streams_have_keys_of_their_own) {
  std::vector<std::uint64_t> hashes;
  for (int step = 0; step < 1000; ++step) {
    for (int i = 0; i < 1000; ++i) hashes.push_back(hash_keys("noise", step, i));
  }
  std::sort(hashes.begin(), hashes.end());
  EXPECT_EQ(std::adjacent_find(hashes.begin(), hashes.end()), hashes.end());
}

TEST(rng, hashes_of_names_never_change_because_results_of_users_depend_on_them) {
  EXPECT_EQ(hash_keys(0), torc::detail::mix_path(torc::detail::root_path, 0));
  // 0x85944171f73967e8 is the published FNV-1a hash of "foobar".
  EXPECT_EQ(hash_keys("foobar"), torc::detail::mix_path(~torc::detail::root_path, 0x85944171f73967e8U));
}

}  // namespace
