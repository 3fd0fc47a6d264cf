// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <torc/detail/archive.hpp>

#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "unit_tests/torc/in_session.hpp"
#include "unit_tests/torc/round_trip.hpp"

namespace {

using tests::message_of;
using tests::read;
using tests::round_trip;
using tests::written;
using torc::detail::input_archive;
using torc::detail::output_archive;

struct point {
  double x;
  float y;
  int z;
  friend bool operator==(const point&, const point&) = default;
};
/// Has a serialize too, which is not to be used.
struct particle {
  particle() = default;
  particle(int i, double m) : id(i), mass(m) {}
  template <class Archive>
  void serialize(Archive&) {
    ADD_FAILURE() << "its bytes are its value";
  }
  int id = 0;
  double mass = 0;
  friend bool operator==(const particle&, const particle&) = default;
};
struct unmade {
  explicit unmade(int v) : value(v) {}
  int value;
};
union either {
  int i;
  float f;
};

}  // namespace

template <>
inline constexpr bool torc::is_bitwise<point> = true;
template <>
inline constexpr bool torc::is_bitwise<particle> = true;
template <>
inline constexpr bool torc::is_bitwise<unmade> = true;
template <>
inline constexpr bool torc::is_bitwise<either> = true;

namespace {

template <class T>
void expect_limits_to_return() {
  for (const T value : {T{}, std::numeric_limits<T>::min(), std::numeric_limits<T>::max()}) {
    EXPECT_EQ(round_trip(value), value);
    EXPECT_EQ(written(value).size(), sizeof value);
  }
}

TEST(archive, arithmetic_types_return_in_as_many_bytes_as_they_have) {
  expect_limits_to_return<bool>();
  expect_limits_to_return<char>();
  expect_limits_to_return<wchar_t>();
  expect_limits_to_return<char32_t>();
  expect_limits_to_return<std::int8_t>();
  expect_limits_to_return<std::uint16_t>();
  expect_limits_to_return<int>();
  expect_limits_to_return<std::uint64_t>();
  expect_limits_to_return<float>();
  expect_limits_to_return<double>();
  expect_limits_to_return<long double>();
}

TEST(archive, the_bits_of_nans_and_signed_zeros_return) {
  for (const std::uint64_t bits : std::initializer_list<std::uint64_t>{
           0x7ff8000000000000, 0xfff8dead0000beef, 0x7ff0000000000001, 0x8000000000000000, 0x7ff0000000000000, 1}) {
    const auto value = std::bit_cast<double>(bits);
    EXPECT_EQ(std::bit_cast<std::uint64_t>(round_trip(value)), bits);
    EXPECT_EQ(std::bit_cast<std::uint64_t>(round_trip(std::vector{value, 1.0})[0]), bits);
    EXPECT_EQ(std::bit_cast<std::uint64_t>(round_trip(std::array{value})[0]), bits);
  }
}

TEST(archive, enums_return) {
  enum class colour : std::uint8_t { red = 1, green = 255 };
  enum plain { zero, one };
  EXPECT_EQ(round_trip(colour::green), colour::green);
  EXPECT_EQ(written(colour::green).size(), 1U);
  EXPECT_EQ(round_trip(one), one);
  const std::vector many{colour::red, colour::green};
  EXPECT_EQ(round_trip(many), many);
  EXPECT_EQ(written(many).size(), 8U + 2U);
}

TEST(archive, bitwise_classes_return_as_their_bytes) {
  const point p{1.5, -2, 3};
  EXPECT_EQ(round_trip(p), p);
  EXPECT_EQ(written(p).size(), sizeof p);
  const particle q(7, 0.5);
  EXPECT_EQ(round_trip(q), q);
  either u{};
  u.f = 3;
  EXPECT_EQ(round_trip(u).f, 3);
}

template <class T>
bool is_one_block(const std::vector<T>& values) {
  std::vector<std::byte> expected(8 + values.size() * sizeof(T));
  const std::uint64_t size = values.size();
  std::memcpy(expected.data(), &size, sizeof size);
  if (!values.empty()) std::memcpy(expected.data() + 8, values.data(), values.size() * sizeof(T));
  return written(values) == expected;
}

TEST(archive, vectors_of_what_is_copied_bytewise_are_one_block) {
  const std::vector<point> points{{1, 2, 3}, {4, 5, 6}};
  EXPECT_TRUE(is_one_block(points));
  EXPECT_EQ(round_trip(points), points);
  const std::vector<std::complex<double>> numbers{{1, 2}, {0, -0.0}};
  EXPECT_TRUE(is_one_block(numbers));
  EXPECT_EQ(round_trip(numbers), numbers);
  EXPECT_TRUE(is_one_block(std::vector<long>{1, 2, 3}));
  EXPECT_TRUE(is_one_block(std::vector<point>{}));
  EXPECT_TRUE(round_trip(std::vector<point>{}).empty());
  const std::array<point, 2> two{points[0], points[1]};
  EXPECT_EQ(round_trip(two), two);
  EXPECT_EQ(written(two).size(), sizeof two);
  const std::vector<std::vector<particle>> nested{{{1, 2}}, {}, {{3, 4}, {5, 6}}};
  EXPECT_EQ(round_trip(nested), nested);
}

TEST(archive, bitwise_classes_without_default_constructor_may_be_in_vectors) {
  const auto copy = round_trip(std::vector<unmade>{unmade(1), unmade(2)});
  ASSERT_EQ(copy.size(), 2U);
  EXPECT_EQ(copy[1].value, 2);
}

TEST(archive, a_vector_replaces_what_was_there) {
  std::vector<point> values(5);
  const auto bytes = written(std::vector<point>{{1, 2, 3}});
  input_archive in(bytes);
  in(values);
  EXPECT_EQ(values, (std::vector<point>{{1, 2, 3}}));
}

TEST(archive, says_how_many_bytes_are_missing) {
  const auto bytes = written(1.5);
  EXPECT_EQ(message_of<torc::serialization_error>([&] { read<double>(std::span(bytes).first(5)); }),
            "3 bytes are missing");
  EXPECT_EQ(message_of<torc::serialization_error>([&] { read<double>(std::span(bytes).first(7)); }),
            "1 byte is missing");
  input_archive in(bytes);
  EXPECT_EQ(in.left(), 8U);
  std::array<std::byte, 9> room{};
  EXPECT_THROW(in.read(room.data(), 9), torc::serialization_error);
  EXPECT_THROW(in.read(room.data(), std::numeric_limits<std::size_t>::max()), torc::serialization_error);
  EXPECT_EQ(in.left(), 8U);
  in.read(room.data(), 8);
  EXPECT_EQ(in.left(), 0U);
  in.read(nullptr, 0);
}

/// Allocates nothing beyond a limit.
template <class T>
struct limited {
  using value_type = T;
  limited() = default;
  template <class U>
  explicit limited(const limited<U>&) {}
  T* allocate(std::size_t n) {
    if (n > (std::size_t{1} << 21)) ADD_FAILURE() << "allocates " << n << " elements";
    return std::allocator<T>().allocate(n);
  }
  void deallocate(T* p, std::size_t n) { std::allocator<T>().deallocate(p, n); }
  friend bool operator==(const limited&, const limited&) { return true; }
};

TEST(archive, sizes_that_cannot_be_true_are_refused_before_anything_is_allocated) {
  for (const std::uint64_t size :
       {std::uint64_t{1} << 21, std::uint64_t{1} << 61, std::numeric_limits<std::uint64_t>::max()}) {
    std::vector<std::byte> bytes = written(size);
    bytes.resize(100);
    EXPECT_THROW((read<std::vector<int, limited<int>>>(bytes)), torc::serialization_error);
    EXPECT_THROW((read<std::vector<std::string, limited<std::string>>>(bytes)), torc::serialization_error);
    EXPECT_THROW((read<std::vector<point, limited<point>>>(bytes)), torc::serialization_error);
    EXPECT_THROW((read<std::basic_string<char, std::char_traits<char>, limited<char>>>(bytes)),
                 torc::serialization_error);
    EXPECT_THROW((read<std::vector<bool>>(bytes)), torc::serialization_error);
    EXPECT_THROW((read<std::map<int, int>>(bytes)), torc::serialization_error);
    EXPECT_NE(message_of<torc::serialization_error>([&] {
                read<std::vector<int>>(bytes);
              }).find(std::to_string(size) + " elements"),
              std::string::npos);
  }
}

TEST(archive, elements_without_bytes_need_none) {
  EXPECT_EQ(round_trip(std::vector<std::monostate>(1000)).size(), 1000U);
}

TEST(archive, a_byte_that_is_no_bool_is_refused) {
  const std::array bytes{std::byte{2}, std::byte{1}};
  EXPECT_THROW(read<bool>(bytes), torc::serialization_error);
  EXPECT_THROW((read<std::array<bool, 2>>(bytes)), torc::serialization_error);
  EXPECT_EQ((round_trip(std::array{true, false})), (std::array{true, false}));
}

TEST(archive, takes_back_what_was_written_last) {
  std::vector<std::byte> bytes;
  output_archive out(bytes);
  out(1);
  const std::size_t before = out.size_bytes();
  out(std::string("more"));
  out.truncate(before);
  EXPECT_EQ(bytes, written(1));
}

}  // namespace
